using System.Diagnostics;
using NetMQ;
using NetMQ.Sockets;
using Shouldly;

namespace Gateway.Tests.Crash;

/// <summary>
/// An application beside all others that asks for a sign of life again and again, on a thread of its own, and remembers the longest wait
/// for an answer.
/// </summary>
internal sealed class LoopProber : IAsyncDisposable
{
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(60);

    private readonly CancellationTokenSource _end = new();
    private readonly Task _probing;
    private long _answers;
    private long _longestTicks;

    public LoopProber(TestGateway gateway) =>
        _probing = Task.Factory.StartNew(() => Probe(gateway.Address), TaskCreationOptions.LongRunning);

    public long Answers => Volatile.Read(ref _answers);

    public TimeSpan Longest => TimeSpan.FromTicks(Volatile.Read(ref _longestTicks));

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        await _probing;
        _end.Dispose();
    }

    private void Probe(string address)
    {
        using var socket = new DealerSocket(address);
        socket.SendMoreFrame("HELLO").SendMoreFrame("1").SendFrame("prober");
        Receive(socket).ShouldBe("WELCOME");
        while (!_end.IsCancellationRequested)
        {
            var began = Stopwatch.GetTimestamp();
            socket.SendMoreFrame("PING").SendFrame("there?");
            Receive(socket).ShouldBe("PONG");
            Volatile.Write(ref _longestTicks, Math.Max(_longestTicks, Stopwatch.GetElapsedTime(began).Ticks));
            Volatile.Write(ref _answers, _answers + 1);
            _end.Token.WaitHandle.WaitOne(5);
        }
    }

    private static string Receive(DealerSocket socket)
    {
        List<string>? frames = null;
        return socket.TryReceiveMultipartStrings(_patience, ref frames!) ? frames[0] : "nothing";
    }
}
