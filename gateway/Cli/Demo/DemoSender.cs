using System.Net;
using System.Net.Sockets;
using Gateway.Cli.Demo.Ledger;
using Gateway.Cli.Demo.Processes;

namespace Gateway.Cli.Demo;

/// <summary>
/// The sending program of a demo with plain sockets, which knows nothing of gateways: it sends frames in sequence, evenly over a time, and
/// takes one byte in return for each. When its connection ends, it connects again and repeats the frames without an answer.
/// </summary>
internal sealed class DemoSender(int port, DemoOptions options, TimeSpan flow, TimeProvider time) : IDemoProducer
{
    private const int UnansweredMax = 256;

    private static readonly TimeSpan _tick = TimeSpan.FromMilliseconds(10);
    private static readonly TimeSpan _again = TimeSpan.FromMilliseconds(50);

    /// <summary>The frames without an answer, in sequence.</summary>
    private readonly Queue<(long Sequence, byte[] Frame)> _unanswered = [];
    private readonly Random _random = new(options.Seed);
    private readonly long _start = time.GetTimestamp();
    private long _made;

    public async Task RunAsync(
        Func<long, ValueTask> onAccepted, Func<long, ValueTask> onSentAgain, CancellationToken cancellationToken)
    {
        while (_made < options.Messages || _unanswered.Count > 0)
        {
            using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            try
            {
                await socket.ConnectAsync(new IPEndPoint(IPAddress.Loopback, port), cancellationToken);
                foreach (var (sequence, frame) in _unanswered)
                {
                    await onSentAgain(sequence);
                    await SendAsync(socket, frame, cancellationToken);
                }

                await ConverseAsync(socket, onAccepted, cancellationToken);
            }
            catch (SocketException)
            {
                await Task.Delay(_again, time, cancellationToken);
            }
        }
    }

    /// <summary>Sends the next frames when they are due, and takes the answers that have come.</summary>
    private async Task ConverseAsync(Socket socket, Func<long, ValueTask> onAccepted, CancellationToken cancellationToken)
    {
        using var tick = new PeriodicTimer(_tick, time);
        var answers = new byte[UnansweredMax];
        while (_made < options.Messages || _unanswered.Count > 0)
        {
            while (_made < options.Messages && _unanswered.Count < UnansweredMax && IsDue(_made + 1))
            {
                var frame = DemoFrames.Make(DemoBody.Make(++_made, options.SizeBytes, _random));
                _unanswered.Enqueue((_made, frame));
                await SendAsync(socket, frame, cancellationToken);
            }

            if (socket.Poll(0, SelectMode.SelectRead))
            {
                var count = await socket.ReceiveAsync(answers, cancellationToken);
                if (count == 0) throw new SocketException((int)SocketError.ConnectionReset);
                for (var i = 0; i < count; i++) await onAccepted(_unanswered.Dequeue().Sequence);
            }
            else
            {
                await tick.WaitForNextTickAsync(cancellationToken);
            }
        }
    }

    private bool IsDue(long sequence) => time.GetElapsedTime(_start) >= flow * ((double)sequence / options.Messages);

    private static async Task SendAsync(Socket socket, byte[] frame, CancellationToken cancellationToken)
    {
        for (var sent = 0; sent < frame.Length;) sent += await socket.SendAsync(frame.AsMemory(sent), cancellationToken);
    }
}
