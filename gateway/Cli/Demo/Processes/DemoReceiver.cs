using System.Net;
using System.Net.Sockets;
using System.Text;
using Gateway.Cli.Demo.Ledger;

namespace Gateway.Cli.Demo.Processes;

/// <summary>
/// The receiving program of a demo with plain sockets, which knows nothing of gateways: it listens, and answers each frame with a frame. It
/// accounts for each step on <paramref name="output"/> (see <see cref="ConsumerReport"/>); whether an answer arrives, it cannot know.
/// </summary>
internal sealed class DemoReceiver(Stream output)
{
    private readonly Lock _gate = new();
    private long _deliveries;

    public async Task RunAsync(int port, CancellationToken cancellationToken)
    {
        using var listener = new TcpListener(IPAddress.Loopback, port);
        listener.Start();
        var serving = new List<Task>();
        try
        {
            while (true)
            {
                var connection = await listener.AcceptTcpClientAsync(cancellationToken);
                serving.RemoveAll(task => task.IsCompletedSuccessfully);
                serving.Add(ServeAsync(connection, cancellationToken));
            }
        }
        finally
        {
            await Task.WhenAll(serving);
        }
    }

    private async Task ServeAsync(TcpClient connection, CancellationToken cancellationToken)
    {
        using var _ = connection;
        connection.NoDelay = true;
        var stream = connection.GetStream();
        while (await DemoFrames.ReadAsync(stream, cancellationToken) is { } body)
        {
            var intact = DemoBody.TryRead(body, out var sequence);
            var delivery = Interlocked.Increment(ref _deliveries);
            Report(ConsumerReport.Received(delivery, sequence, deliveries: 1, intact));
            if (!await TryAnswerAsync(stream, body.AsMemory(0, DemoBody.HeaderBytes), cancellationToken)) return;
            Report(ConsumerReport.InDoubt(delivery, "answered"));
        }
    }

    private static async Task<bool> TryAnswerAsync(NetworkStream stream, ReadOnlyMemory<byte> answer, CancellationToken cancellationToken)
    {
        try
        {
            await stream.WriteAsync(DemoFrames.Make(answer.Span), cancellationToken);
            return true;
        }
        catch (IOException)
        {
            return false;
        }
    }

    /// <summary>Writes each line in one system call, which a pipe takes whole.</summary>
    private void Report(string line)
    {
        lock (_gate) output.Write(Encoding.ASCII.GetBytes(line));
    }
}
