using Gateway.Intake;
using Gateway.Links;
using Gateway.Links.Causes;
using Gateway.Links.Protocol;
using Gateway.Store;
using Gateway.Store.Browsing;
using Gateway.Store.Commands;
using Gateway.Store.Messages;
using Gateway.Tcp;

namespace Gateway.Management;

/// <summary>
/// Assembles the state for operators, as a whole and per queue. Requests made while an answer is in preparation, or is still recent, share
/// it, so many readers cost as much as one. Owned by the loop.
/// </summary>
internal sealed class StateReader(
    GatewayIdentity self,
    IReadOnlyDictionary<string, OutgoingLink> links,
    LoopClock clock,
    IStoreInput store,
    QueueSurveyor surveyor,
    Pauses pauses,
    Operations operations,
    EnqueueIntake intake,
    IShellState shell,
    ITcpStatus tcp)
{
    /// <summary>The queues whose first message is read for one answer.</summary>
    private const int LooksMax = 16;

    private static readonly TimeSpan _young = TimeSpan.FromMilliseconds(500);

    /// <summary>The first message of a busy queue differs at each look, so looks are limited.</summary>
    private static readonly TimeSpan _lookEvery = TimeSpan.FromSeconds(2);

    private readonly QueuePaces _paces = new(clock);
    private readonly List<Action<GatewayState>> _waiting = [];
    private GatewayState? _last;
    private TimeSpan _lastAt;
    private DateTimeOffset? _stalledSince;

    /// <summary>A reading that began before a stall does not answer a question asked after it.</summary>
    private int _reading;

    public void Read(Action<GatewayState> answer)
    {
        if (_last is not null && clock.Uptime - _lastAt < _young)
        {
            answer(_last);
            return;
        }

        if (_stalledSince is { } since)
        {
            answer(WithoutStore(since));
            return;
        }

        _waiting.Add(answer);
        if (_waiting.Count > 1) return;
        var reading = _reading;
        surveyor.Ask(found => LookAtHeads(found, reading));
    }

    /// <summary>The store answers nothing: those who wait are answered without it, and so is everybody until it answers.</summary>
    public void OnStoreStalls(DateTimeOffset since)
    {
        _stalledSince = since;
        _reading++;
        AnswerWaiting(WithoutStore(since));
    }

    public void OnStoreAnswers() => _stalledSince = null;

    /// <summary>
    /// Returns one page of the queues, in the order of their creation; those that the state lists include ages and rates.
    /// </summary>
    public void List(QueueFilter filter, long after, int queuesMax, Action<QueuePage> answer) =>
        Read(_ => store.Submit(new SurveyCommand(after, QueueSurveyor.PieceMax, piece =>
    {
        var found = piece.Places.Where(queue => filter.Matches(queue.Queue.Id, queue.Queue.Messages)).Take(queuesMax + 1).ToList();
        var isCut = found.Count > queuesMax;
        if (isCut) found.RemoveAt(queuesMax);
        var outlets = tcp.Outlets;
        answer(new QueuePage(
            [.. found.Select(queue => OutletSummary.WithoutOpenStreams(Summarise(queue.Queue, _paces.Find(queue.Queue.Id)), outlets))],
            isCut ? found[^1].Place : piece.LookedUpTo, piece.IsEnd && !isCut));
    })));

    /// <summary>Returns the current state of one queue; null if there is none.</summary>
    public void Find(QueueId id, Action<QueueSummary?> answer) => store.Submit(new FindQueueCommand(id, found =>
    {
        if (found.Queue is not { } queue) answer(null);
        else if (_paces.Of(id) is { } pace && queue.Messages > 0 && pace.WantsLook(queue.FirstNumber, clock.Uptime - _lookEvery))
            LookAt(queue, () => answer(OfNow(queue)));
        else answer(OfNow(queue));
    }));

    /// <summary>The link as it is now, with the store's figures as of the summary.</summary>
    public LinkSummary AsOfNow(LinkSummary summary) => links.TryGetValue(summary.Status.Peer, out var link)
        ? summary with { Status = link.Status, Warning = WarningOf(link), Likeliest = LikeliestOf(link.Status) } : summary;

    /// <summary>The status of a missing link: messages wait for a peer that is not configured.</summary>
    public static LinkStatus NoRoute(string peer, long messages, DateTimeOffset since) => new(
        peer, LinkState.Down, LinkCause.NoRoute, since, $"{Figures.Waiting(messages)} for '{peer}', which is not among Gateway:Peers",
            LinkAdvice.For(LinkCause.NoRoute));

    private void LookAtHeads(QueueSurvey found, int reading)
    {
        // For each peer the queue that may have waited longest is read, even a small one.
        var looked = found.Totals.Select(total => total.Oldest).OfType<QueueDescription>().Concat(found.Listed)
            .DistinctBy(queue => queue.Id)
            .Where(queue => queue.Messages > 0 && _paces.Of(queue.Id) is { } pace
                && pace.WantsLook(queue.FirstNumber, clock.Uptime - _lookEvery))
            .OrderBy(queue => _paces.Of(queue.Id)!.LookedAt).Take(LooksMax).ToList();
        var left = looked.Count;
        if (left == 0) Answer(found, reading);
        foreach (var queue in looked)
        {
            LookAt(queue, () =>
            {
                if (--left == 0) Answer(found, reading);
            });
        }
    }

    private void LookAt(QueueDescription queue, Action done) =>
        store.Submit(new BrowseCommand(queue.Id, queue.FirstNumber - 1, BrowseFilter.All, 1, page =>
    {
        _paces.Of(queue.Id)?.Looked(queue.FirstNumber, page.Entries.Count > 0 ? page.Entries[0].EnqueuedUnixMs : null, clock.Uptime);
        done();
    })
        {
            IsGlance = true,
        });

    private void Answer(QueueSurvey found, int reading)
    {
        _lastAt = clock.Uptime;
        _last = Describe(found);
        if (reading == _reading) AnswerWaiting(_last);
    }

    private void AnswerWaiting(GatewayState state)
    {
        var waiting = _waiting.ToList();
        _waiting.Clear();
        foreach (var answer in waiting) answer(state);
    }

    /// <summary>The links as they are now, with the store's figures as of its last report.</summary>
    private GatewayState WithoutStore(DateTimeOffset since)
    {
        var last = _last ?? Describe(QueueSurvey.Unknown);
        return last with
        {
            Now = clock.Now,
            Links = [.. last.Links.Select(AsOfNow)],
            StoreStalledSince = since,
            Inlets = InletsWith(last.Queues),
            Outlets = OutletsWith(tcp.Outlets, last.Queues),
            Engine = store.Standing,
            Configuration = shell.Configuration,
        };
    }

    private GatewayState Describe(QueueSurvey found)
    {
        var outlets = tcp.Outlets;
        var queues = found.Listed.Select(queue => OutletSummary.WithoutOpenStreams(Measure(queue), outlets)).ToList();
        return new GatewayState
        {
            Name = self.Name,
            Incarnation = self.Incarnation,
            StartedAt = DateTimeOffset.FromUnixTimeMilliseconds(self.StartedUnixMs),
            Now = clock.Now,
            Links = [.. links.Values.Select(link => Summarise(link.Status, WarningOf(link), found, queues)), .. Unrouted(found, queues)],
            Queues = queues,
            Outgoing = found.SumOf(QueueKind.Outgoing),
            Inbound = found.SumOf(QueueKind.Inbound),
            Inlets = InletsWith(queues),
            Outlets = OutletsWith(outlets, queues),
            DeadLetters = found.DeadLetters,
            Damaged = found.Damaged,
            StoredBytes = found.StoredBytes,
            FreeBytes = found.FreeBytes,
            StoredBytesMax = found.StoredBytesMax,
            FreeBytesMin = found.FreeBytesMin,
            IsStopping = intake.IsClosed,
            Engine = store.Standing,
            ApplicationsRefused = intake.TokensRefused,
            DiskObstacle = found.DiskObstacle,
            LongestTurn = shell.LongestTurn,
            Connections = shell.Connections,
            Certificate = shell.Certificate,
            Configuration = shell.Configuration,
        };
    }

    private IReadOnlyList<InletSummary> InletsWith(IReadOnlyList<QueueSummary> queues) =>
        [.. tcp.Inlets.Select(inlet => InletSummary.Of(
            inlet, Inbound(queues, inlet.Settings.ReplyQueue), pauses.OfInlet(inlet.Settings.Name)))];

    private IReadOnlyList<OutletSummary> OutletsWith(IReadOnlyList<OutletStatus> outlets, IReadOnlyList<QueueSummary> queues) =>
        [.. outlets.Select(outlet => OutletSummary.Of(outlet, Inbound(queues, outlet.Settings.Queue),
            pauses.Of(QueueId.Inbound(outlet.Settings.Queue))))];

    private static QueueSummary? Inbound(IReadOnlyList<QueueSummary> queues, string name) =>
        queues.FirstOrDefault(queue => queue.Id.Kind == QueueKind.Inbound && queue.Id.Name == name);

    private QueueSummary OfNow(QueueDescription queue) => OutletSummary.WithoutOpenStreams(Measure(queue), tcp.Outlets);

    /// <summary>Also samples the rates.</summary>
    private QueueSummary Measure(QueueDescription queue)
    {
        var pace = _paces.Of(queue.Id);
        pace?.Count(queue.LastNumber, queue.Messages, clock.Uptime);
        return Summarise(queue, pace);
    }

    private QueueSummary Summarise(QueueDescription queue, QueuePace? pace) => new()
    {
        Id = queue.Id,
        At = clock.Now,
        Messages = queue.Messages,
        Bytes = queue.Bytes,
        Head = queue.FirstNumber,
        Tail = queue.LastNumber,
        MadeAfter = queue.MadeAfter,
        IsFull = queue.IsFull,
        OldestAt = queue.Messages > 0 ? pace?.OldestAt : null,
        StoredPerSecond = pace?.StoredPerSecond ?? 0,
        RemovedPerSecond = pace?.RemovedPerSecond ?? 0,
        Pause = pauses.Of(queue.Id),
        Operation = operations.RunningOn(queue.Id),
    };

    private LinkSummary Summarise(LinkStatus status, string warning, QueueSurvey found, IReadOnlyList<QueueSummary> queues)
    {
        var own = queues.Where(queue => queue.Id.Kind == QueueKind.Outgoing && queue.Id.Peer == status.Peer).ToList();
        var total = found.Totals.FirstOrDefault(total => total.Kind == QueueKind.Outgoing && total.Peer == status.Peer)
            ?? new QueueTotals(QueueKind.Outgoing, status.Peer, 0, 0, 0);
        var oldest = own.Select(queue => queue.OldestAt).Append(total.Oldest is { } first ? _paces.Find(first.Id)?.OldestAt : null).Min();
        return new LinkSummary
        {
            Status = status,
            Warning = warning,
            Likeliest = LikeliestOf(status),
            Queues = total.Queues,
            Messages = total.Messages,
            Bytes = total.Bytes,
            OldestAt = oldest,
            SentPerSecond = links.TryGetValue(status.Peer, out var link) ? _paces.SentTo(status.Peer, link.Delivered) : 0,
            Pause = pauses.Of(status.Peer),
        };
    }

    private LinkCause? LikeliestOf(LinkStatus status)
    {
        if (status.IsWell || !links.TryGetValue(status.Peer, out var link)) return null;
        var likeliest = LinkDiagnosis.Candidates(status, link.History.Changes).FirstOrDefault()?.Cause;
        return likeliest == status.Cause ? null : likeliest;
    }

    private IEnumerable<LinkSummary> Unrouted(QueueSurvey found, IReadOnlyList<QueueSummary> queues) => found.Totals
        .Where(total => total.Kind == QueueKind.Outgoing && total.Messages > 0 && !links.ContainsKey(total.Peer))
        .Select(total => Summarise(NoRoute(total.Peer, total.Messages, DateTimeOffset.FromUnixTimeMilliseconds(self.StartedUnixMs)),
            "", found, queues));

    private static string WarningOf(OutgoingLink link) =>
        string.Join("; ", new[] { link.Warning, link.Room.Refusal.Length > 0 ? $"{link.Room.RefusalCause}: {link.Room.Refusal}" : "" }
            .Where(text => text.Length > 0));
}
