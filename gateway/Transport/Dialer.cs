using System.Net;
using System.Net.Sockets;
using Gateway.Links;

namespace Gateway.Transport;

/// <summary>
/// Makes one TCP connection to a peer and splices it to a NetMQ socket of this process over loopback, byte by byte. The gateway owns the outer connection, so
/// the name is resolved afresh, each failure keeps its error code, and an orderly end is told from a reset.
/// </summary>
internal sealed class Dialer(string host, int port, TimeSpan connectTimeout)
{
    private const int BufferBytes = 64 * 1024;

    /// <summary>Connects; then calls <paramref name="connected"/> with the loopback port that the NetMQ socket shall connect to, once, and carries bytes until one side ends.</summary>
    /// <returns>Why it ended, never an exception; <see cref="LinkCause.None"/> when this side ended it.</returns>
    public async Task<(LinkCause Cause, string Evidence)> RunAsync(Action<int> connected, CancellationToken cancellationToken)
    {
        var lastHeard = false;
        try
        {
            using var remote = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            if (await ConnectAsync(remote, cancellationToken) is { } failure) return failure;
            lastHeard = true;

            using var local = await AcceptOwnAsync(connected, cancellationToken);
            return await SpliceAsync(remote, local, cancellationToken);
        }
        catch (OperationCanceledException)
        {
            return (LinkCause.None, "hung up");
        }
        catch (SocketException e)
        {
            return (lastHeard ? SocketCauses.OfLoss(e) : SocketCauses.OfConnect(e), SocketCauses.Evidence(e, host, port));
        }
    }

    private async Task<(LinkCause Cause, string Evidence)?> ConnectAsync(Socket remote, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(connectTimeout);
        try
        {
            await remote.ConnectAsync(host, port, limit.Token);
            return null;
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return (LinkCause.ConnectTimeout, $"{host}:{port} did not answer within {connectTimeout.TotalSeconds:0.#} s");
        }
    }

    /// <summary>Waits for this process's own NetMQ socket on a loopback port that takes one connection only.</summary>
    private static async Task<Socket> AcceptOwnAsync(Action<int> connected, CancellationToken cancellationToken)
    {
        using var listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        listener.Listen(1);
        connected(((IPEndPoint)listener.LocalEndPoint!).Port);
        var local = await listener.AcceptAsync(cancellationToken);
        local.NoDelay = true;
        return local;
    }

    private async Task<(LinkCause Cause, string Evidence)> SpliceAsync(Socket remote, Socket local, CancellationToken cancellationToken)
    {
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var inward = CarryAsync(remote, local, isInward: true, ended.Token);
        var outward = CarryAsync(local, remote, isInward: false, ended.Token);
        var first = await Task.WhenAny(inward, outward);
        await ended.CancelAsync();
        await Task.WhenAll(inward, outward);

        if (cancellationToken.IsCancellationRequested) return (LinkCause.None, "hung up");
        var (isOwn, error) = await first;
        if (isOwn) return (LinkCause.WrongService, $"what answers at {host}:{port} does not speak ZMTP: this gateway's own socket gave it up");
        if (error is null) return (LinkCause.ClosedByPeer, $"{host}:{port} closed the connection in an orderly way, without a goodbye");
        return (SocketCauses.OfLoss(error), SocketCauses.Evidence(error, host, port));
    }

    /// <summary>Carries bytes one way until one of the sockets ends.</summary>
    /// <returns>Whether it was this process's own socket that ended, and the error; null after the end of the stream.</returns>
    private static async Task<(bool IsOwn, SocketException? Error)> CarryAsync(Socket from, Socket to, bool isInward, CancellationToken cancellationToken)
    {
        var buffer = new byte[BufferBytes];
        var isSending = false;
        try
        {
            for (int count; (count = await from.ReceiveAsync(buffer, cancellationToken)) > 0; isSending = false)
            {
                isSending = true;
                for (var sent = 0; sent < count;) sent += await to.SendAsync(buffer.AsMemory(sent, count - sent), cancellationToken);
            }

            return (!isInward, null);
        }
        catch (OperationCanceledException)
        {
            return (!isInward, null);
        }
        catch (SocketException e)
        {
            return (isSending == isInward, e);
        }
    }
}
