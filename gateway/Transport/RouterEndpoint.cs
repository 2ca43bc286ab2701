using System.Buffers;
using Gateway.Client.Wire;
using Gateway.Links;
using Gateway.Transport.Zmtp;
using NetMQ;
using NetMQ.Sockets;

namespace Gateway.Transport;

/// <summary>
/// A ROUTER socket for those who connect to this gateway: applications on one, peers on another. It never listens: for each connection that the front door has
/// accepted it connects to an inner door, and names the connection by the id that the front door gave it. Every frame here is packed with the frames of one or more messages. It has no heartbeats: the splice does them, because a
/// connection that NetMQ drops in the middle of its handshake leaves a heartbeat timer behind that ends the process two seconds later. Owned by the loop.
/// </summary>
internal sealed class RouterEndpoint : IDisposable
{
    /// <summary>Messages taken in a turn, but for those that share the last one's frame.</summary>
    private const int DrainMax = 500;

    /// <summary>Messages of one connection that are taken at a time, though more share their frame: the others come in between.</summary>
    private const int ShareMax = 1000;

    /// <summary>So often is the time looked at.</summary>
    private const int LookEvery = 16;

    /// <summary>Frames of one connection, each of one large message or of some 64 KiB of small ones.</summary>
    private const int ReceiveHighWatermark = 20_000;

    /// <summary>So much is sent at once, before the end of the event.</summary>
    private const int OutboxBytes = 128 * 1024;

    /// <summary>
    /// What may wait for one connection. It holds what an application may have asked for: messages of its credit, of which a queue hands out 64 MiB at a time, and answers to its requests.
    /// </summary>
    private const long WaitingBytesMax = 256 * 1024 * 1024;

    /// <summary>What stands before messages that are sent PACKED, at most: the verb, its header, and theirs.</summary>
    private const int PackedHeadBytesMax = 32;

    private static readonly byte[] _gone = [0];

    private readonly RouterSocket _socket = new();
    private readonly Action<string, List<byte[]>> _received;
    private readonly Action<string, AcceptedEnd> _lost;
    private readonly LoopTurns _turns;
    private readonly Action<Action> _post;
    private readonly Dictionary<string, Connection> _connections = [];

    /// <summary>Connections that have brought more than their share, in turn.</summary>
    private readonly Queue<Connection> _busy = [];
    private readonly List<Connection> _unsent = [];
    private readonly Dictionary<string, AcceptedEnd> _broken = [];

    /// <summary>How connections ended whose last frames are still on their way in.</summary>
    private readonly Dictionary<string, AcceptedEnd> _ends = [];

    /// <summary>Connections that have ended here, and of which the front door has yet to tell how.</summary>
    private readonly HashSet<string> _ended = [];

    private bool _isDraining;
    private bool _isAgainPosted;

    /// <param name="secret">By which the inner doors know this socket.</param>
    /// <param name="zmtp">As for the front door, which lets nothing larger pass.</param>
    /// <param name="received">Frames of one message, and the connection they came on.</param>
    /// <param name="lost">The connection has ended, in this way, or does not take what is sent on it.</param>
    /// <param name="turns">Of the loop.</param>
    /// <param name="post">Lets the loop do something in its next turn.</param>
    public RouterEndpoint(byte[] secret, ZmtpLimits zmtp, Action<string, List<byte[]>> received, Action<string, AcceptedEnd> lost, LoopTurns turns, Action<Action> post)
    {
        _received = received;
        _lost = lost;
        _turns = turns;
        _post = post;
        _socket.Options.Identity = secret;
        _socket.Options.Linger = TimeSpan.FromMilliseconds(500);
        _socket.Options.RouterMandatory = true;
        _socket.Options.SendHighWatermark = 0;
        _socket.Options.ReceiveHighWatermark = ReceiveHighWatermark;
        _socket.Options.MaxMsgSize = zmtp.MessageBytesMax + ((long)zmtp.PartsMax * ZmtpFrameHeader.LongSize);
        _socket.Options.DisconnectMessage = _gone;
        _socket.Options.ReconnectInterval = InnerDoor.Never;
        _socket.ReceiveReady += (_, _) => Drain();
    }

    public ISocketPollable Pollable => _socket;

    /// <summary>Connects to a door behind which a connection waits.</summary>
    /// <param name="flow">Of the connection.</param>
    /// <param name="names">For whom the connection may speak; null when it was not asked.</param>
    public void Connect(string connection, InnerDoor door, PackedFlow flow, AuthorisedNames? names)
    {
        if (!door.IsOpen)
        {
            door.ReleasePort();
            return;
        }

        _connections.Add(connection, new Connection(connection, door, flow, names));
        _socket.Connect(door.Address);
    }

    /// <summary>For whom a connection that frames come on may speak.</summary>
    public AuthorisedNames? NamesOf(string connection) => _connections[connection].Names;

    /// <summary>The front door has closed its side. If the connection was open, what it brought before is still on its way in, and the end behind it.</summary>
    /// <param name="end">Null if it never was open.</param>
    public void OnClosed(string connection, AcceptedEnd? end)
    {
        if (end is null) Disconnect(connection);
        else if (_ended.Remove(connection)) _lost(connection, end);
        else if (_connections.ContainsKey(connection)) _ends[connection] = end;
    }

    /// <summary>Takes one message to be sent with the next <see cref="Flush"/>, or finds the connection lost.</summary>
    public void Send(string name, IReadOnlyList<ReadOnlyMemory<byte>> frames)
    {
        if (_ended.Contains(name)) return;
        if (!_connections.TryGetValue(name, out var connection))
        {
            _broken.TryAdd(name, AcceptedEnd.Unknown);
            return;
        }

        if (connection.Outbox.WrittenCount == 0) _unsent.Add(connection);
        var bytes = PackedMessages.SizeBytes(frames);
        PackedMessages.Write(frames, connection.Outbox.GetSpan(bytes));
        connection.Outbox.Advance(bytes);
        if (connection.Outbox.WrittenCount >= OutboxBytes) SendOutbox(connection);
    }

    /// <summary>
    /// After each event: sends what it has left, and reports the connections that were found lost while sending, and cuts them; so no state machine is called within itself. While frames are being received it waits for the last of them.
    /// </summary>
    public void Flush()
    {
        if (_isDraining) return;
        foreach (var connection in _unsent) SendOutbox(connection);
        _unsent.Clear();
        while (_broken.Count > 0)
        {
            var (connection, end) = _broken.First();
            if (end == AcceptedEnd.Unknown && _connections.ContainsKey(connection)) Lose(connection);
            else Lose(connection, end);
        }
    }

    /// <summary>Tells on which connections something has arrived since this was last asked, whether it could be taken yet or not.</summary>
    public void TellArrived(Action<string> arrived)
    {
        foreach (var connection in _connections.Values)
        {
            if (connection.HasNewBytes()) arrived(connection.Name);
        }
    }

    public void Dispose() => _socket.Dispose();

    /// <summary>A connection whose end has come in; how it ended the front door knows.</summary>
    private void Lose(string connection)
    {
        _broken.Remove(connection);
        if (_ends.TryGetValue(connection, out var end)) Lose(connection, end);
        else if (Disconnect(connection)) _ended.Add(connection);
    }

    private void Lose(string connection, AcceptedEnd end)
    {
        _broken.Remove(connection);
        _ends.Remove(connection);
        Disconnect(connection);
        _lost(connection, end);
    }

    private bool Disconnect(string connection)
    {
        if (!_connections.Remove(connection, out var gone)) return false;
        gone.EmptyOutbox();
        _socket.Disconnect(gone.Door.Address);
        gone.Door.ReleasePort();
        return true;
    }

    private void SendOutbox(Connection connection)
    {
        // Nothing goes out behind what could not be sent.
        if (connection.Outbox.WrittenCount > 0 && !_broken.ContainsKey(connection.Name) && TrySend(connection, connection.Outbox.WrittenSpan) is { } end) _broken.Add(connection.Name, end);
        connection.EmptyOutbox();
    }

    /// <returns>Why it could not be sent; null when it was.</returns>
    private AcceptedEnd? TrySend(Connection connection, ReadOnlySpan<byte> packed)
    {
        if (connection.BytesIn + packed.Length - connection.Flow.BytesOut > WaitingBytesMax) return AcceptedEnd.Stuffed;
        try
        {
            if (!_socket.TrySendFrame(TimeSpan.Zero, connection.RoutingId, more: true)) return AcceptedEnd.Stuffed;
        }
        catch (HostUnreachableException)
        {
            return AcceptedEnd.Unknown;
        }

        var msg = new Msg();
        Span<byte> head = stackalloc byte[PackedHeadBytesMax];
        head = head[..(connection.Input.IsPacked ? WritePackedHead(head, packed.Length) : 0)];
        msg.InitPool(head.Length + packed.Length);
        head.CopyTo(msg.Slice());
        packed.CopyTo(msg.Slice(head.Length));
        _socket.Send(ref msg, more: false);
        msg.Close();
        connection.BytesIn += head.Length + packed.Length;
        return null;
    }

    private static int WritePackedHead(Span<byte> head, int packedBytes)
    {
        var size = PackedMessages.WriteHeader(head, PackedMessages.Verb.Length, hasMore: true);
        PackedMessages.Verb.CopyTo(head[size..]);
        size += PackedMessages.Verb.Length;
        return size + PackedMessages.WriteHeader(head[size..], packedBytes, hasMore: false);
    }

    private void Drain()
    {
        _turns.Begin();
        var msg = new Msg();
        msg.InitEmpty();
        _isDraining = true;
        for (var taken = 0; taken < DrainMax && (taken == 0 || !_turns.IsOver) && _socket.TryReceive(ref msg, TimeSpan.Zero); taken++)
        {
            var connection = Convert.ToHexString(msg.Slice());
            // With the name of the connection the socket has the one frame behind it.
            _socket.Receive(ref msg);
            if (msg.Slice().SequenceEqual(_gone)) OnGone(connection);
            else taken += Unpack(connection, msg.Slice());
        }

        msg.Close();
        TakeWaiting();
        _isDraining = false;
        Flush();
        _turns.End();
    }

    /// <summary>Each connection that has brought more than its share gets another, while there is time; at least one of them.</summary>
    private void TakeWaiting()
    {
        for (var left = _busy.Count; left > 0; left--)
        {
            var connection = _busy.Dequeue();
            if (IsOpen(connection)) Take(connection, 0);
            if (_turns.IsOver) break;
        }

        if (_busy.Count == 0 || _isAgainPosted) return;
        _isAgainPosted = true;
        _post(() =>
        {
            _isAgainPosted = false;
            Drain();
        });
    }

    private void OnGone(string name)
    {
        // What it brought before comes first.
        if (_connections.TryGetValue(name, out var connection) && !connection.Input.IsEmpty) connection.Input.IsLast = true;
        else Lose(name);
    }

    /// <returns>Messages beyond the first.</returns>
    private int Unpack(string name, ReadOnlySpan<byte> packed)
    {
        if (!_connections.TryGetValue(name, out var connection)) return 0;
        var input = connection.Input;
        if (!input.IsEmpty)
        {
            input.Add(packed, packed.Length);
            return 0;
        }

        var messages = new PackedMessages(packed);
        var count = 0;
        while (input.IsEmpty && HasTime(count) && IsOpen(connection) && messages.TryNext(out var frames))
        {
            count++;
            if (PackedMessages.IsPacked(frames)) input.Open(frames[1]);
            else _received(name, frames);
        }

        // Taken to its end, or to be gone on with: the rest of the frame comes behind the PACKED that is open.
        if (input.IsEmpty && messages.Rest.IsEmpty)
        {
            connection.Flow.OnTaken(packed.Length);
            return count - 1;
        }

        input.Add(messages.Rest, packed.Length);
        return Take(connection, count) - 1;
    }

    /// <summary>Takes what waits of a connection, to the end of its share; what is left waits for its next turn.</summary>
    /// <param name="count">So much of the share is used.</param>
    /// <returns>How much of it is used then.</returns>
    private int Take(Connection connection, int count)
    {
        while (HasTime(count) && IsOpen(connection) && connection.Input.TryNext(out var frames))
        {
            _received(connection.Name, frames);
            count++;
        }

        if (!IsOpen(connection)) return count;
        if (connection.Input.TakeDone() is > 0 and var done) connection.Flow.OnTaken(done);
        if (!connection.Input.IsEmpty) _busy.Enqueue(connection);
        else if (connection.Input.IsLast) Lose(connection.Name);
        return count;
    }

    private bool HasTime(int count) => count < ShareMax && (count == 0 || count % LookEvery > 0 || !_turns.IsOver);

    private bool IsOpen(Connection connection) => _connections.GetValueOrDefault(connection.Name) == connection;

    private sealed class Connection(string name, InnerDoor door, PackedFlow flow, AuthorisedNames? names)
    {
        private long _arrived;

        public string Name => name;

        public byte[] RoutingId { get; } = Convert.FromHexString(name);

        public InnerDoor Door => door;

        public PackedFlow Flow => flow;

        public AuthorisedNames? Names => names;

        /// <summary>What was sent on it, packed.</summary>
        public long BytesIn { get; set; }

        /// <summary>Messages, packed, that are to be sent at the end of the event.</summary>
        public ArrayBufferWriter<byte> Outbox { get; private set; } = new();

        /// <summary>What it has brought, and had no turn yet.</summary>
        public ConnectionInput Input { get; } = new();

        /// <summary>Something has arrived since this was last asked.</summary>
        public bool HasNewBytes()
        {
            var before = _arrived;
            return (_arrived = Flow.Wire.Arrived) != before;
        }

        public void EmptyOutbox()
        {
            if (Outbox.Capacity > OutboxBytes) Outbox = new ArrayBufferWriter<byte>();
            else Outbox.ResetWrittenCount();
        }
    }
}
