using Gateway.Links;
using Gateway.Store;
using Gateway.Store.Browsing;
using Gateway.Store.Commands;

namespace Gateway.Management;

/// <summary>
/// Puts together what operators see at one glance. Whoever asks while an answer is being made, or is young, gets the same one, so many who look cost as much as one. Owned by
/// the loop.
/// </summary>
internal sealed class StateReader(
    GatewayIdentity self,
    IReadOnlyDictionary<string, OutgoingLink> links,
    LoopClock clock,
    Action<StoreCommand> submit,
    Pauses pauses,
    Operations operations,
    Func<IReadOnlyDictionary<string, long>> countConnections,
    Func<OwnCertificate?> showCertificate)
{
    /// <summary>Queues whose first message is looked at for one answer.</summary>
    private const int LooksMax = 16;

    private static readonly TimeSpan _young = TimeSpan.FromMilliseconds(500);

    /// <summary>A queue that moves has another first message each time.</summary>
    private static readonly TimeSpan _lookEvery = TimeSpan.FromSeconds(2);

    private readonly Dictionary<QueueId, QueuePace> _paces = [];
    private readonly List<Action<GatewayState>> _waiting = [];
    private GatewayState? _last;
    private TimeSpan _lastAt;

    public void Read(Action<GatewayState> answer)
    {
        if (_last is not null && clock.Uptime - _lastAt < _young)
        {
            answer(_last);
            return;
        }

        _waiting.Add(answer);
        if (_waiting.Count == 1) submit(new DescribeCommand(LookAtHeads));
    }

    /// <summary>What waits for a peer that the configuration does not name, as the link that there is not.</summary>
    public static LinkStatus NoRoute(string peer, long messages, DateTimeOffset since) => new(
        peer, LinkState.Down, LinkCause.NoRoute, since, $"{messages} messages wait for '{peer}', which is not among Gateway:Peers", LinkAdvice.For(LinkCause.NoRoute));

    private void LookAtHeads(DescribeCommand found)
    {
        var looked = found.Queues.Where(queue => queue.Messages > 0 && PaceOf(queue.Id).WantsLook(queue.FirstNumber, clock.Uptime - _lookEvery)).OrderBy(queue => PaceOf(queue.Id).LookedAt).Take(LooksMax).ToList();
        var left = looked.Count;
        if (left == 0) Answer(found);
        foreach (var queue in looked)
        {
            submit(new BrowseCommand(queue.Id, queue.FirstNumber - 1, BrowseFilter.All, 1, page =>
            {
                PaceOf(queue.Id).Looked(queue.FirstNumber, page.Entries.Count > 0 ? page.Entries[0].EnqueuedUnixMs : null, clock.Uptime);
                if (--left == 0) Answer(found);
            }));
        }
    }

    private void Answer(DescribeCommand found)
    {
        var queues = found.Queues.Select(Summarise).ToList();
        _lastAt = clock.Uptime;
        _last = new GatewayState
        {
            Name = self.Name,
            Incarnation = self.Incarnation,
            StartedAt = DateTimeOffset.FromUnixTimeMilliseconds(self.StartedUnixMs),
            Now = clock.Now,
            Links = [.. links.Values.Select(link => Summarise(link.Status, WarningOf(link), queues)), .. Unrouted(queues)],
            Queues = queues,
            DeadLetters = found.DeadLetters,
            Damaged = found.Damaged,
            StoredBytes = found.StoredBytes,
            FreeBytes = found.FreeBytes,
            Connections = countConnections(),
            Certificate = showCertificate(),
        };
        var waiting = _waiting.ToList();
        _waiting.Clear();
        foreach (var answer in waiting) answer(_last);
    }

    private QueueSummary Summarise(QueueDescription queue)
    {
        var pace = PaceOf(queue.Id);
        var (storedPerSecond, removedPerSecond) = pace.Count(queue, clock.Uptime);
        return new QueueSummary
        {
            Id = queue.Id,
            Messages = queue.Messages,
            Bytes = queue.Bytes,
            Head = queue.FirstNumber,
            Tail = queue.LastNumber,
            OldestAt = queue.Messages > 0 ? pace.OldestAt : null,
            StoredPerSecond = storedPerSecond,
            RemovedPerSecond = removedPerSecond,
            Pause = pauses.Of(queue.Id),
            Operation = operations.RunningOn(queue.Id),
        };
    }

    private LinkSummary Summarise(LinkStatus status, string warning, IReadOnlyList<QueueSummary> queues)
    {
        var own = queues.Where(queue => queue.Id.Kind == QueueKind.Outgoing && queue.Id.Peer == status.Peer).ToList();
        return new LinkSummary
        {
            Status = status,
            Warning = warning,
            Messages = own.Sum(queue => queue.Messages),
            Bytes = own.Sum(queue => queue.Bytes),
            OldestAt = own.Min(queue => queue.OldestAt),
            SentPerSecond = own.Sum(queue => queue.RemovedPerSecond),
            Pause = pauses.Of(status.Peer),
        };
    }

    private IEnumerable<LinkSummary> Unrouted(IReadOnlyList<QueueSummary> queues) => queues
        .Where(queue => queue.Id.Kind == QueueKind.Outgoing && queue.Messages > 0 && !links.ContainsKey(queue.Id.Peer))
        .GroupBy(queue => queue.Id.Peer)
        .Select(ofPeer => Summarise(NoRoute(ofPeer.Key, ofPeer.Sum(queue => queue.Messages), DateTimeOffset.FromUnixTimeMilliseconds(self.StartedUnixMs)), "", queues));

    private static string WarningOf(OutgoingLink link) =>
        string.Join("; ", new[] { link.Warning, link.FullHere.Length > 0 ? $"LocalQuota: {link.FullHere}" : "" }.Where(text => text.Length > 0));

    private QueuePace PaceOf(QueueId queue)
    {
        if (!_paces.TryGetValue(queue, out var pace)) _paces[queue] = pace = new QueuePace();
        return pace;
    }
}
