using NetMQ;
using NetMQ.Sockets;

namespace Gateway.Transport;

/// <summary>
/// A ROUTER socket on which others connect to this gateway: applications on one, peers on another. Owned by the loop. A connection is named by its routing id,
/// which NetMQ makes anew for each.
/// </summary>
internal sealed class RouterEndpoint : IDisposable
{
    private const int DrainMax = 500;
    private const int HighWatermark = 20_000;

    private static readonly byte[] _gone = [0];
    private static readonly TimeSpan _heartbeat = TimeSpan.FromSeconds(2);

    private readonly RouterSocket _socket = new();
    private readonly Action<string, List<byte[]>> _received;
    private readonly Action<string> _lost;
    private readonly HashSet<string> _broken = [];

    /// <param name="frameBytesMax">A larger frame costs its sender the connection.</param>
    /// <param name="received">Frames of one message, and the connection they came on.</param>
    /// <param name="lost">The connection has ended, or does not take what is sent on it.</param>
    public RouterEndpoint(string address, long frameBytesMax, Action<string, List<byte[]>> received, Action<string> lost)
    {
        _received = received;
        _lost = lost;
        _socket.Options.Linger = TimeSpan.FromMilliseconds(500);
        _socket.Options.RouterMandatory = true;
        _socket.Options.SendHighWatermark = HighWatermark;
        _socket.Options.ReceiveHighWatermark = HighWatermark;
        _socket.Options.MaxMsgSize = frameBytesMax;
        _socket.Options.HeartbeatInterval = _heartbeat;
        _socket.Options.HeartbeatTimeout = 3 * _heartbeat;
        _socket.Options.DisconnectMessage = _gone;
        _socket.ReceiveReady += (_, _) => Drain();
        try
        {
            _socket.Bind(address);
        }
        catch (NetMQException e)
        {
            _socket.Dispose();
            throw new ListenFailedException(address, e);
        }
    }

    public ISocketPollable Pollable => _socket;

    /// <summary>Sends one message, or finds the connection lost.</summary>
    public void Send(string connection, IReadOnlyList<ReadOnlyMemory<byte>> frames)
    {
        if (!TrySend(connection, frames)) _broken.Add(connection);
    }

    /// <summary>Reports the connections that were found lost while sending; between events, so that no state machine is called within itself.</summary>
    public void ReportBroken()
    {
        while (_broken.Count > 0)
        {
            var connection = _broken.First();
            _broken.Remove(connection);
            _lost(connection);
        }
    }

    public void Dispose() => _socket.Dispose();

    private bool TrySend(string connection, IReadOnlyList<ReadOnlyMemory<byte>> frames)
    {
        try
        {
            if (!_socket.TrySendFrame(TimeSpan.Zero, Convert.FromHexString(connection), more: true)) return false;
        }
        catch (HostUnreachableException)
        {
            return false;
        }

        for (var i = 0; i < frames.Count; i++)
        {
            var msg = new Msg();
            msg.InitPool(frames[i].Length);
            frames[i].Span.CopyTo(msg.Slice());
            _socket.Send(ref msg, more: i < frames.Count - 1);
            msg.Close();
        }

        return true;
    }

    private void Drain()
    {
        var frames = new List<byte[]>();
        for (var i = 0; i < DrainMax && _socket.TryReceiveMultipartBytes(ref frames!); i++)
        {
            var connection = Convert.ToHexString(frames[0]);
            frames.RemoveAt(0);
            if (frames is [{ Length: 1 } only] && only[0] == _gone[0]) _lost(connection);
            else _received(connection, frames);
        }
    }
}

/// <summary>The gateway cannot listen where it is configured to.</summary>
internal sealed class ListenFailedException(string address, Exception cause)
    : Exception($"Cannot listen on {address}: {cause.GetBaseException().Message}. Is another gateway running there? Stop it, or configure another address.", cause);
