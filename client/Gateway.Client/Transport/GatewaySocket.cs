using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Net.Sockets;
using Gateway.Client.Wire;
using NetMQ;
using NetMQ.Monitoring;
using NetMQ.Sockets;

namespace Gateway.Client.Transport;

/// <summary>
/// One DEALER socket with its monitor, used for one connection and then discarded: NetMQ never reconnects it, so nothing meant for one
/// connection can reach the next. Owned by the poller's thread.
/// </summary>
internal sealed class GatewaySocket
{
    private static readonly TimeSpan _never = TimeSpan.FromDays(1);
    private static readonly byte[] _packedVerb = PackedMessages.Verb.ToArray();
    private static long _lastMonitor;

    private readonly NetMQPoller _poller;
    private readonly DealerSocket _dealer;
    private readonly NetMQMonitor _monitor;
    private readonly List<byte[]> _frames = [];

    /// <summary>Messages of a received PACKED that are still to be returned.</summary>
    private readonly Queue<List<byte[]>> _unpacked = [];

    private GatewaySocket(NetMQPoller poller)
    {
        _poller = poller;
        _dealer = new DealerSocket();
        _dealer.Options.Linger = TimeSpan.Zero;
        _dealer.Options.IPv4Only = false;
        _dealer.Options.ReconnectInterval = _never;
        // The session's window and the callers' gate bound what is in flight; a second bound here would only split messages.
        _dealer.Options.SendHighWatermark = 0;
        var number = Interlocked.Increment(ref _lastMonitor).ToString(CultureInfo.InvariantCulture);
        _monitor = new NetMQMonitor(_dealer, $"inproc://gateway-client-monitor-{number}", SocketEvents.Disconnected | SocketEvents.Closed);
    }

    /// <summary>Unpacked messages are waiting, for which the poller does not signal.</summary>
    public bool HasUnpacked => _unpacked.Count > 0;

    /// <summary>
    /// Starts connecting; events report the outcome. False when the address is unusable. It must be numeric: for a name NetMQ would block,
    /// and use only the first address.
    /// </summary>
    public static bool TryOpen(
        NetMQPoller poller,
        string address,
        EventHandler<NetMQSocketEventArgs> onReceiveReady,
        EventHandler<NetMQMonitorSocketEventArgs> onEnded,
        [NotNullWhen(true)] out GatewaySocket? socket,
        out string failure)
    {
        socket = new GatewaySocket(poller);
        socket._dealer.ReceiveReady += onReceiveReady;
        socket._monitor.Disconnected += onEnded;
        socket._monitor.Closed += onEnded;
        socket._monitor.AttachToPoller(poller);
        poller.Add(socket._dealer);
        failure = "";
        try
        {
            socket._dealer.Connect(address);
            return true;
        }
        catch (Exception e) when (e is NetMQException or SocketException or ArgumentException)
        {
            failure = e.Message;
            socket.Dispose(TimeSpan.Zero);
            socket = null;
            return false;
        }
    }

    /// <summary>
    /// Sends as many waiting requests as fit in one PACKED, or a single oversized one as it is, and removes them. Otherwise like the other
    /// overload.
    /// </summary>
    /// <param name="waiting">At least one.</param>
    /// <param name="bytesMax">The largest frame that the gateway accepts.</param>
    public bool TrySend(Queue<IReadOnlyList<ReadOnlyMemory<byte>>> waiting, int bytesMax)
    {
        var (count, size) = (0, 0);
        foreach (var frames in waiting)
        {
            var bytes = PackedMessages.SizeBytes(frames);
            if (count == PackedMessages.MessagesMax || size + bytes > (count == 0 ? bytesMax : PackedMessages.RunBytes))
                break;
            count++;
            size += bytes;
        }

        return count == 0 ? TrySend(waiting.Dequeue()) : TrySendPacked(waiting, count, size);
    }

    /// <summary>Sends a copy of the bytes, so that the caller may reuse its buffer. False when the socket accepts nothing.</summary>
    public bool TrySend(IReadOnlyList<ReadOnlyMemory<byte>> frames)
    {
        for (var i = 0; i < frames.Count; i++)
        {
            var message = new Msg();
            message.InitPool(frames[i].Length);
            frames[i].Span.CopyTo(message.Slice());
            var sent = _dealer.TrySend(ref message, TimeSpan.Zero, i < frames.Count - 1);
            message.Close();
            if (!sent)
                return false;
        }

        return true;
    }

    private bool TrySendPacked(Queue<IReadOnlyList<ReadOnlyMemory<byte>>> waiting, int count, int size)
    {
        // Not cleared, and written where NetMQ keeps it: a batch can be megabytes.
        var packed = GC.AllocateUninitializedArray<byte>(size);
        for (var written = 0; count > 0; count--)
            written += PackedMessages.Write(waiting.Dequeue(), packed.AsSpan(written));
        return TrySend(_packedVerb, hasMore: true) && TrySend(packed, hasMore: false);
    }

    private bool TrySend(byte[] frame, bool hasMore)
    {
        var message = new Msg();
        message.InitGC(frame, frame.Length);
        var sent = _dealer.TrySend(ref message, TimeSpan.Zero, hasMore);
        message.Close();
        return sent;
    }

    /// <summary>Receives the frames of one message. The list is valid until the next call, the frames indefinitely.</summary>
    public bool TryReceive([NotNullWhen(true)] out IReadOnlyList<byte[]>? frames)
    {
        if (_unpacked.TryDequeue(out var unpacked))
        {
            frames = unpacked;
            return true;
        }

        frames = null;
        _frames.Clear();
        var message = new Msg();
        message.InitEmpty();
        try
        {
            if (!_dealer.TryReceive(ref message, TimeSpan.Zero))
                return false;
            var isPacked = message.HasMore && message.Slice().SequenceEqual(PackedMessages.Verb);
            _frames.Add(message.ToArray());
            while (message.HasMore)
            {
                // The remaining frames of a message arrive together with its first.
                _dealer.Receive(ref message);
                if (isPacked && !message.HasMore)
                    return TryUnpack(message.Slice(), out frames);
                _frames.Add(message.ToArray());
            }
        }
        finally
        {
            message.Close();
        }

        frames = _frames;
        return true;
    }

    private bool TryUnpack(ReadOnlySpan<byte> packed, [NotNullWhen(true)] out IReadOnlyList<byte[]>? frames)
    {
        var messages = new PackedMessages(packed);
        while (messages.TryNext(out var next))
            _unpacked.Enqueue(next);
        // The remainder has no valid verb, so decoding it reports the fault.
        if (messages.IsMalformed || _unpacked.Count == 0)
            _unpacked.Enqueue([]);
        frames = _unpacked.Dequeue();
        return true;
    }

    /// <param name="linger">The time allowed in the background for sending the remaining messages.</param>
    public void Dispose(TimeSpan linger)
    {
        PollerSignal.Close(_monitor);
        _dealer.Options.Linger = linger;
        _poller.Remove(_dealer);
        PollerSignal.Close(_dealer);
    }
}
