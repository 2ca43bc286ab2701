using Gateway.Links.Causes;
using Gateway.Links.Fleet;
using Gateway.Links.Pairing;
using Gateway.Links.Protocol;
using Gateway.Links.Receiving;
using Gateway.Store;
using Gateway.Store.Commands;
using Gateway.Store.Messages;
using Gateway.Store.State;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Gateway.Links;

/// <summary>
/// All relations with peers: one outgoing link per configured peer, and the incoming links of the connections that peers have made. A pure
/// state machine, owned by the loop.
/// </summary>
/// <param name="outgoing">By peer name.</param>
/// <param name="next">Receives messages that have arrived and are durable.</param>
internal sealed class PeerLinks(
    IReadOnlyDictionary<string, OutgoingLink> outgoing,
    LinkSettings settings,
    GatewayIdentity self,
    LoopClock clock,
    IStoreInput store,
    INextStep next,
    OwnPast past,
    ILinkTelemetry telemetry,
    ILogger<IncomingLink> logger)
{
    private readonly HashSet<string> _peers = [.. outgoing.Keys];
    private readonly Dictionary<string, IncomingLink> _incoming = [];

    /// <summary>The links with messages stored since the last <see cref="SendStored"/>; the others are not visited.</summary>
    private readonly HashSet<OutgoingLink> _toSend = [];

    /// <summary>Likewise the links that owe their peer an acknowledgement.</summary>
    private readonly HashSet<IncomingLink> _toAcknowledge = [];

    /// <summary>
    /// Connections that stand and were given up here: what was under way on them is not taken, and not answered. As many as connections.
    /// </summary>
    private readonly HashSet<string> _givenUp = [];

    /// <summary>The end of each peer's last connection, and the peer's run at the time; limited by the number of peers.</summary>
    private readonly Dictionary<string, (Guid Incarnation, LinkEnd End)> _ends = [];

    /// <summary>The gateway's own state, for peers that ask; null for a gateway that does not tell it.</summary>
    public ISummarySource? Summaries { get; init; }

    /// <summary>For gateways that are no peers yet.</summary>
    public Invitations Invitations { get; init; } = new(self.Name, clock, NullLogger<Invitations>.Instance);

    public IEnumerable<LinkStatus> Statuses => outgoing.Values.Select(link => link.Status);

    public bool IsDrained => outgoing.Values.All(link => link.UnderWay.IsDrained);

    /// <summary>Messages of the queue up to this number may be at its peer although unacknowledged; 0 if none is.</summary>
    public long InDoubtUpTo(QueueId queue) => outgoing.TryGetValue(queue.Peer, out var link) ? link.UnderWay.InDoubtUpTo(queue) : 0;

    /// <summary>Restores the peers' histories kept by the store.</summary>
    /// <param name="peer">The only one whose history is restored; null for all.</param>
    public void Restore(IReadOnlyDictionary<string, string> marks, string? peer = null)
    {
        // A peer that has brought messages has dialed.
        var dialed = marks.Where(mark => mark.Key.StartsWith(MarkNames.KnownStore, StringComparison.Ordinal))
            .Select(mark => KnownRun.Parse(mark.Value)?.Name).ToHashSet();
        foreach (var (name, link) in outgoing.Where(link => peer is null || link.Key == peer))
        {
            link.RestoreKnown(
                marks.GetValueOrDefault(MarkNames.KnownPeer + name),
                marks.GetValueOrDefault(MarkNames.AcceptedPeer + name),
                marks.GetValueOrDefault(MarkNames.ForeignToPeer + name),
                dialed.Contains(name));
        }
    }

    /// <param name="sent">The record of how far it may have been sent.</param>
    /// <param name="acknowledged">The number up to which it was acknowledged.</param>
    public void AddKnownQueue(QueueId queue, long lastNumber, string? sent, long acknowledged)
    {
        // A peer that is no longer configured keeps its messages in the store, but has no link.
        if (outgoing.TryGetValue(queue.Peer, out var link)) link.AddKnownQueue(queue, lastNumber, SentNote.Parse(sent), acknowledged);
    }

    /// <summary>The store has forgotten these empty queues, each with its last assigned number.</summary>
    public void OnForgotten(IReadOnlyList<(QueueId Queue, long LastNumber)> forgotten)
    {
        foreach (var (queue, lastNumber) in forgotten)
        {
            if (queue.Kind == QueueKind.Outgoing && outgoing.TryGetValue(queue.Peer, out var link)) link.OnForgotten(queue, lastNumber);
        }

        foreach (var link in outgoing.Values) link.Forget();
    }

    public void Start()
    {
        foreach (var link in outgoing.Values) link.Start();
    }

    /// <summary>Another configuration has this peer too; its link was added before.</summary>
    public void Add(string peer) => _peers.Add(peer);

    /// <summary>The configuration no longer has this peer: its connections are refused from now on.</summary>
    /// <param name="link">The link to it, which was removed before.</param>
    public void Remove(string peer, OutgoingLink link)
    {
        _peers.Remove(peer);
        _ends.Remove(peer);
        _toSend.Remove(link);
        EndIncoming(peer, RefusalCode.UnknownPeer, $"{peer} is no longer among the peers of {self.Name}");
    }

    /// <summary>The certificate that a peer must show has changed: its connections end, and the next ones prove its name anew.</summary>
    public void Prove(string peer) =>
        EndIncoming(peer, RefusalCode.NotAuthorised, $"{self.Name} asks {peer} for another certificate now (Fingerprint)");

    public void OnStored(QueueId queue, StoredMessage message)
    {
        // A dead letter may return to the queue of a peer that is no longer configured.
        if (!outgoing.TryGetValue(queue.Peer, out var link)) return;
        link.OnStored(queue, message);
        _toSend.Add(link);
    }

    /// <summary>The connection belongs to a link, or did until it was given up here.</summary>
    public bool Knows(string connection) => _incoming.ContainsKey(connection) || _givenUp.Contains(connection);

    /// <summary>A connection that the peer made for its link stands.</summary>
    public bool IsConnected(string peer) => _incoming.Values.Any(link => link is { IsClosed: false, Peer: { } from } && from.Name == peer);

    /// <summary>Handles a frame on a connection that a peer made.</summary>
    /// <param name="connection">Identifies the connection while it lasts.</param>
    /// <param name="bytes">The frame; untrusted.</param>
    /// <param name="authorised">The names it may speak for; null without TLS.</param>
    /// <param name="output">Sends on the connection.</param>
    /// <returns>True once the peer has said hello on it and was accepted, or has proved that it is invited.</returns>
    public bool OnIncoming(string connection, ReadOnlySpan<byte> bytes, AuthorisedNames? authorised, ILinkOutput output)
    {
        if (_givenUp.Contains(connection)) return false;
        if (!_incoming.TryGetValue(connection, out var link)) _incoming[connection] = link = Accept(output, authorised);

        var isInvited = false;
        if (!LinkCodec.TryDecode(bytes, out var frame))
        {
            if (LinkCodec.IsForeignHello(bytes, out var version)) link.OnForeignHello(version);
            else link.OnBadFrame();
        }
        else if (frame is LinkFrame.Join join && link.Peer is null)
        {
            link.OnBytes();
            var fault = Invitations.OnJoin(connection, join, authorised, output);
            isInvited = fault.Length == 0;
            if (!isInvited) link.Withdraw(RefusalCode.NotInvited, fault);
        }
        else
        {
            Handle(link, frame);
        }

        if (link.IsClosed) GiveUp(connection, link);
        return isInvited || link is { Peer: not null, IsClosed: false };
    }

    /// <summary>Bytes have arrived on a connection that a peer made, whole frames or not.</summary>
    public void OnIncomingBytes(string connection)
    {
        if (_incoming.TryGetValue(connection, out var link)) link.OnBytes();
    }

    /// <summary>A connection that a peer made has ended.</summary>
    public void OnIncomingLost(string connection, LinkCause cause, string evidence)
    {
        _givenUp.Remove(connection);
        Invitations.OnLost(connection);
        if (!_incoming.TryGetValue(connection, out var link)) return;
        link.OnLost(cause, evidence);
        Remove(connection, link);
    }

    /// <summary>All messages stored together have been reported: each link sends its share, in few frames.</summary>
    public void SendStored()
    {
        foreach (var link in _toSend) link.SendStored();
        _toSend.Clear();
    }

    /// <summary>Sends one acknowledgement per queue for everything that has become durable.</summary>
    public void FlushAcks()
    {
        foreach (var link in _toAcknowledge) link.FlushAcks();
        _toAcknowledge.Clear();
    }

    /// <summary>The time of the next scheduled tick, in the loop's uptime; <see cref="TimeSpan.MaxValue"/> for none.</summary>
    public TimeSpan NextTick
    {
        get
        {
            var next = TimeSpan.MaxValue;
            foreach (var link in outgoing.Values)
            {
                if (link.NextTick is var due && due < next) next = due;
            }

            foreach (var link in _incoming.Values)
            {
                if (link.NextTick is var due && due < next) next = due;
            }

            return next;
        }
    }

    public void Tick()
    {
        foreach (var link in outgoing.Values) link.Tick();
        foreach (var link in _incoming.Values) link.Tick();
        RemoveClosed();
    }

    public void SayGoodbye()
    {
        foreach (var link in outgoing.Values) link.SayGoodbye();
        foreach (var link in _incoming.Values) link.SayGoodbye();
    }

    private void EndIncoming(string peer, RefusalCode code, string text)
    {
        foreach (var link in _incoming.Values.Where(link => link.Peer?.Name == peer)) link.Withdraw(code, text);
        RemoveClosed();
    }

    private IncomingLink Accept(ILinkOutput output, AuthorisedNames? authorised) =>
        new(settings, self, _peers, clock, store, output, next, past, telemetry, logger)
        { Authorised = authorised, ToAcknowledge = _toAcknowledge, Summaries = Summaries };

    private void Handle(IncomingLink link, LinkFrame frame)
    {
        link.OnFrame(frame);
        if (frame is not LinkFrame.Hello || link.Peer is not { } peer) return;

        if (_incoming.Values.FirstOrDefault(other => other != link && other.Contradicts(peer)) is { Peer: { } standing })
        {
            link.RefuseBeside(standing);
            return;
        }

        var others = _incoming.Values.Where(other => other != link && other.Peer?.Name == peer.Name).ToList();
        if (others.Find(other => other.IsLaterThan(link)) is { } later)
        {
            // The peer has already given this connection up, or died with it.
            link.Displace(later.Peer!);
            return;
        }

        foreach (var other in others) other.Displace(peer);
        RemoveClosed();
        if (_ends.TryGetValue(peer.Name, out var last) && last.Incarnation == peer.Incarnation) link.EndBefore = last.End;
        if (outgoing.TryGetValue(peer.Name, out var back)) back.OnPeerSeen(peer);
    }

    private void RemoveClosed()
    {
        if (!_incoming.Values.Any(link => link.IsClosed)) return;
        foreach (var (connection, link) in _incoming.Where(pair => pair.Value.IsClosed).ToList()) GiveUp(connection, link);
    }

    private void GiveUp(string connection, IncomingLink link)
    {
        _givenUp.Add(connection);
        Remove(connection, link);
    }

    private void Remove(string connection, IncomingLink link)
    {
        _incoming.Remove(connection);
        if (link.Peer is not { } peer) return;
        if (link.End is { } end) _ends[peer.Name] = (peer.Incarnation, end);
        if (outgoing.TryGetValue(peer.Name, out var back) && !_incoming.Values.Any(other => other.Peer?.Name == peer.Name))
            back.OnPeerGone();
    }
}
