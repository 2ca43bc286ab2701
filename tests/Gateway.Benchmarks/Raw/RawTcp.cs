using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace Gateway.Benchmarks.Raw;

/// <summary>
/// The limit: the same bytes through one TCP connection over loopback, in pieces of a link's batch, with nothing done to them.
/// </summary>
internal static class RawTcp
{
    private const int PieceBytes = 128 * 1024;

    /// <summary>The seconds that each call took: so many bytes there, one byte back, on threads that block.</summary>
    public static async Task<double[]> EchoAsync(int calls, int bytes, CancellationToken cancellationToken)
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        using var caller = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await caller.ConnectAsync(listener.LocalEndpoint, cancellationToken);
        using var answerer = await listener.AcceptSocketAsync(cancellationToken);
        answerer.NoDelay = true;
        var answering = Task.Factory.StartNew(
            () => Answer(answerer, calls, bytes), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        var calling = Task.Factory.StartNew(
            () => Call(caller, calls, bytes), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        await answering;
        return await calling;
    }

    /// <summary>Bytes a second.</summary>
    public static async Task<double> RunAsync(long bytes, CancellationToken cancellationToken)
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        using var sender = new TcpClient();
        var accepting = listener.AcceptTcpClientAsync(cancellationToken);
        await sender.ConnectAsync((IPEndPoint)listener.LocalEndpoint, cancellationToken);
        using var receiver = await accepting;

        var started = Stopwatch.GetTimestamp();
        var receiving = Task.Run(
            async () =>
            {
                var buffer = new byte[PieceBytes];
                for (var left = bytes; left > 0;) left -= await receiver.GetStream().ReadAsync(buffer, cancellationToken);
            },
            cancellationToken);
        var piece = new byte[PieceBytes];
        for (var left = bytes; left > 0; left -= piece.Length)
            await sender.GetStream().WriteAsync(piece.AsMemory(0, (int)Math.Min(left, piece.Length)), cancellationToken);
        await receiving;
        return bytes / Stopwatch.GetElapsedTime(started).TotalSeconds;
    }

    private static double[] Call(Socket socket, int calls, int bytes)
    {
        var (body, answer, seconds) = (new byte[bytes], new byte[1], new double[calls]);
        for (var call = 0; call < calls; call++)
        {
            var began = Stopwatch.GetTimestamp();
            socket.Send(body);
            socket.Receive(answer);
            seconds[call] = Stopwatch.GetElapsedTime(began).TotalSeconds;
        }

        return seconds;
    }

    private static void Answer(Socket socket, int calls, int bytes)
    {
        var (body, answer) = (new byte[bytes], new byte[1]);
        for (var call = 0; call < calls; call++)
        {
            for (var received = 0; received < bytes;) received += socket.Receive(body.AsSpan(received));
            socket.Send(answer);
        }
    }
}
