using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace Gateway.Benchmarks.Raw;

/// <summary>The limit: the same bytes through one TCP connection over loopback, in pieces of a link's batch, with nothing done to them.</summary>
internal static class RawTcp
{
    private const int PieceBytes = 128 * 1024;

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
        for (var left = bytes; left > 0; left -= piece.Length) await sender.GetStream().WriteAsync(piece.AsMemory(0, (int)Math.Min(left, piece.Length)), cancellationToken);
        await receiving;
        return bytes / Stopwatch.GetElapsedTime(started).TotalSeconds;
    }
}
