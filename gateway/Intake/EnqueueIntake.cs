using System.IO.Hashing;
using System.Text;
using Gateway.Client;
using Gateway.Client.Wire;
using Gateway.Store;
using Gateway.Store.Commands;
using Gateway.Store.Messages;

namespace Gateway.Intake;

/// <summary>
/// The first step of a message: checks an enqueue request, finds the target queues, gives the messages to the store, and answers once they
/// are durable. A pure state machine, owned by the loop.
/// </summary>
internal sealed class EnqueueIntake(
    string ownName,
    Destinations destinations,
    IntakeSettings settings,
    LoopClock clock,
    IStoreInput store,
    INextStep next,
    IFullTargets full,
    IIntakeTelemetry telemetry)
{
    private readonly IntakeSettings _settings = settings;
    private long _pendingBytes;

    /// <inheritdoc cref="IntakeSettings.PendingBytesMax"/>
    public long PendingBytesMax { get; set; } = settings.PendingBytesMax;

    /// <summary>The total time that gateways ran on the store before this run; set before the first message arrives.</summary>
    public long RanBeforeMs { get; set; }

    /// <summary>The total running time including this run, by which message ids age.</summary>
    public long RunningMs => RanBeforeMs + (long)clock.Uptime.TotalMilliseconds;

    /// <summary>Once true, every request is rejected: the gateway stops.</summary>
    public bool IsClosed { get; set; }

    /// <summary>Hellos of applications with a token that is not known, since the start.</summary>
    public long TokensRefused { get; private set; }

    /// <summary>No message is on its way to the disk.</summary>
    public bool IsIdle => _pendingBytes == 0;

    /// <param name="application">The application whose rights apply; empty if applications have no tokens, and over HTTP.</param>
    public void Enqueue(Request.Enqueue request, Action<Reply> answer, string application = "")
    {
        if (IsClosed) Refuse(new IntakeRefusal(WireCode.Stopping, "the gateway is stopping"));
        else Take(request.Destination, request.Items, application, Answer);

        void Answer(EnqueueCommand? done, IntakeRefusal? refusal)
        {
            if (refusal is not null) Refuse(refusal);
            else answer(new Reply.Accepted(request.Id, done!.Messages.Select(incoming => incoming.Message.Id).ToList()));
        }

        void Refuse(IntakeRefusal refusal)
        {
            telemetry.Refused(refusal.Code);
            answer(new Reply.Rejected(request.Id, refusal.Code, refusal.Text));
        }
    }

    /// <summary>
    /// Takes messages that an inlet has read. Its programs cannot be told a refusal and have nowhere else to keep them, so they are taken
    /// while the gateway stops too.
    /// </summary>
    /// <param name="application">The name under which the queues they fill are counted.</param>
    /// <param name="answer">Called on the loop once they are durable, with null; or with the refusal, and nothing was taken.</param>
    public void TakeRead(string destination, IReadOnlyList<EnqueueItem> items, string application, Action<IntakeRefusal?> answer) =>
        Take(destination, items, application, (_, refusal) => answer(refusal));

    /// <summary>Likewise, of a message that becomes a dead letter of its destination at once.</summary>
    public void Bury(string destination, EnqueueItem item, DeadLetterReason reason, string text, Action<IntakeRefusal?> answer)
    {
        if (FaultOf(destination, [item], out var targets) is { } fault)
        {
            answer(fault);
            return;
        }

        var message = Read(destination, item).Message;
        var places = destinations.SpreadOf(destination, targets, messages: 1) switch
        {
            null => targets,
            // The rule of the key holds for those that are returned, too; one without a key has no place of its own.
            PartitionedQueues partitioned => [targets[partitioned.PlaceOf(message.Headers.Span) ?? 0]],
            _ => [targets[0]],
        };
        store.Submit(new PlaceDeadCommand(places, message, reason, clock.NowUnixMs, text, done => answer(RefusalOf(done.Refusal))));
    }

    /// <summary>An application said hello with a token that is not known: it may enqueue nothing.</summary>
    public void OnUnknownToken()
    {
        TokensRefused++;
        telemetry.Refused(WireCode.NotAuthorised);
    }

    /// <summary>Finds the queues of a destination; or returns a rejection, and no queues.</summary>
    public (WireCode Code, string Text)? Find(string destination, out IReadOnlyList<QueueId> targets) =>
        destinations.Find(destination, out targets);

    /// <summary>The other gateways among a destination's targets; none for an invalid destination.</summary>
    public IEnumerable<string> PeersOf(string destination)
    {
        destinations.Find(destination, out var targets);
        return targets.Where(target => target.Kind == QueueKind.Outgoing).Select(target => target.Peer);
    }

    /// <summary>
    /// The largest body for a destination, as far as that is known: a peer may still turn out to take less when the message comes to it.
    /// </summary>
    public int BodyBytesMaxOf(string destination) =>
        Math.Min(_settings.Limits.BodyBytesMax, destinations.BodyBytesMaxOf(destination));

    private void Take(
        string destination, IReadOnlyList<EnqueueItem> items, string application, Action<EnqueueCommand?, IntakeRefusal?> answer)
    {
        if (FaultOf(destination, items, out var targets) is { } fault)
        {
            answer(null, fault);
            return;
        }

        var command = new EnqueueCommand(targets, items.Select(item => Read(destination, item)).ToList(), RunningMs, done =>
        {
            _pendingBytes -= done.SizeBytes;
            if (done.Refusal is { } why) full.OnFull(done.FullQueues, why);
            answer(done, RefusalOf(done, destination));
            telemetry.Accepted(done.Placed);
            next.OnStored(done.Placed);
        })
        {
            Application = application,
            Spread = destinations.SpreadOf(destination, targets, items.Count),
        };
        if (store.Standing.Outage is { } outage)
        {
            answer(null, new IntakeRefusal(WireCode.Busy, $"nothing can be stored now: {outage}; retry"));
            return;
        }

        if (_pendingBytes > 0 && _pendingBytes + command.SizeBytes > PendingBytesMax)
        {
            answer(null, new IntakeRefusal(WireCode.Busy, $"{_pendingBytes} bytes are on their way to the disk; retry after some answers"));
            return;
        }

        _pendingBytes += command.SizeBytes;
        store.Submit(command);
    }

    private static IntakeRefusal? RefusalOf(EnqueueCommand done, string destination) => done switch
    {
        { Conflict: { } conflict } => new IntakeRefusal(WireCode.IdConflict,
            $"message id {conflict} was accepted before with another destination or body; give each message an id of its own"),
        { Keyless: { } keyless, Spread: PartitionedQueues { KeyHeader: var header } } => new IntakeRefusal(WireCode.NoKey,
            $"message {keyless} has no header '{header}', by which the route '{destination}' leads each message to one of its "
                + "destinations; set it, or enqueue to one of them as queue@peer"),
        _ => RefusalOf(done.Refusal),
    };

    private static IntakeRefusal? RefusalOf(StoreRefusal? full) => full is null ? null : new IntakeRefusal(WireCode.StoreFull,
        $"there is no room: {full.Why}; it takes messages again when some are delivered or removed")
    { IsForDisk = full.IsForDisk };

    private IntakeRefusal? FaultOf(string destination, IReadOnlyList<EnqueueItem> items, out IReadOnlyList<QueueId> targets)
    {
        var noTarget = destinations.Find(destination, out targets);
        return (noTarget ?? Check(items)) is var (code, text) ? new IntakeRefusal(code, text) : null;
    }

    private (WireCode Code, string Text)? Check(IReadOnlyList<EnqueueItem> items)
    {
        var limits = _settings.Limits;
        if (items.Count > limits.BatchMessagesMax)
            return (WireCode.TooLarge,
                $"an ENQUEUE of {Figures.Messages(items.Count)} is larger than the limit of {limits.BatchMessagesMax}");

        var bytes = 0L;
        foreach (var item in items)
        {
            if (item.Body.Length > limits.BodyBytesMax)
                return (WireCode.TooLarge, $"a body of {item.Body.Length} bytes is larger than the limit of {limits.BodyBytesMax}");
            if (item.Headers.Length > limits.HeadersBytesMax)
                return (WireCode.TooLarge, $"headers of {item.Headers.Length} bytes are larger than the limit of {limits.HeadersBytesMax}");
            if (item.Id is { } id && MessageRules.FindFaultOfId(id) is { } ofId) return (ofId.Code, ofId.Text);
            if (MessageRules.FindFaultOfHeaders(item.Headers.Span) is { } ofHeaders) return (ofHeaders.Code, ofHeaders.Text);
            bytes += item.Body.Length + item.Headers.Length;
        }

        return bytes > limits.BatchBytesMax ? (
            WireCode.TooLarge, $"{bytes} bytes are more than the {limits.BatchBytesMax} of one ENQUEUE") : null;
    }

    private IncomingMessage Read(string destination, EnqueueItem item) => new(
        new Message
        {
            Id = item.Id ?? MessageId.New(clock.Now),
            EnqueuedUnixMs = clock.NowUnixMs,
            ExpiresUnixMs = item.ExpiresUnixMs,
            Source = ownName,
            Headers = item.Headers,
            Body = item.Body,
        },
        Fingerprint(destination, item.Body.Span));

    private static ulong Fingerprint(string destination, ReadOnlySpan<byte> body)
    {
        var hash = new XxHash3();
        hash.Append(Encoding.UTF8.GetBytes(destination));
        hash.Append([0]);
        hash.Append(body);
        return hash.GetCurrentHashAsUInt64();
    }
}
