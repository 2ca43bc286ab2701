using Gateway.Management;
using Gateway.Store.Browsing;
using Gateway.Store.Messages;

namespace Gateway.Http.Views;

/// <summary>A message in a listing.</summary>
internal sealed record EntryView
{
    /// <summary>The number in the queue, or among the dead letters.</summary>
    public required long Number { get; init; }

    /// <summary>The queue, in a listing of several queues.</summary>
    public QueueName? Queue { get; init; }

    public required Guid Id { get; init; }

    /// <summary>The state of a message in a queue.</summary>
    public MessageState? State { get; init; }

    /// <summary>When the first gateway accepted it.</summary>
    public required DateTimeOffset AcceptedAt { get; init; }

    public DateTimeOffset? ExpiresAt { get; init; }

    /// <summary>The gateway that accepted the message.</summary>
    public required string Source { get; init; }

    public required int HeadersBytes { get; init; }

    public required int BodyBytes { get; init; }

    /// <summary>The number of deliveries to consumers, as far as the store knows; absent for a dead letter, which has none kept.</summary>
    public int? Deliveries { get; init; }

    /// <summary>The time until which the message waits after it was abandoned with a delay.</summary>
    public DateTimeOffset? NotBefore { get; init; }

    public DeadLetterView? DeadLetter { get; init; }

    /// <param name="queue">Null if the listing covers one queue only.</param>
    public static EntryView Of(BrowseEntry entry, QueueId? queue = null) => new()
    {
        Number = entry.Number,
        Queue = queue is { } id ? QueueName.Of(id) : null,
        Id = entry.Id.Value,
        State = entry.State,
        AcceptedAt = Times.Of(entry.EnqueuedUnixMs),
        ExpiresAt = Times.OrNever(entry.ExpiresUnixMs),
        Source = entry.Source,
        HeadersBytes = entry.HeadersBytes,
        BodyBytes = entry.BodyBytes,
        Deliveries = entry.Deliveries,
        NotBefore = Times.OrNever(entry.NotBeforeUnixMs),
        DeadLetter = DeadLetterView.Of(entry.DeadLetter),
    };
}

/// <summary>The reason for a dead letter, and its original place.</summary>
/// <param name="MessageNumber">Its number in that queue.</param>
/// <param name="Text">The reason given by the consumer, the peer or the operator.</param>
internal sealed record DeadLetterView(QueueName Queue, long MessageNumber, DeadLetterReason Reason, DateTimeOffset At, string Text)
{
    public static DeadLetterView? Of(DeadLetter? letter) =>
        letter is null ? null : new DeadLetterView(
            QueueName.Of(letter.Queue), letter.MessageNumber, letter.Reason, Times.Of(letter.AtUnixMs), letter.Text);
}

/// <summary>A page of a listing.</summary>
/// <param name="Messages">In order. May be empty before the end, if no examined message matched.</param>
/// <param name="Next">The value of <c>after</c> for the next page; null at the end.</param>
/// <param name="Damaged">Groups of messages skipped because they could not be read.</param>
internal sealed record MessagePage(IReadOnlyList<EntryView> Messages, long? Next, IReadOnlyList<long> Damaged);

/// <summary>A page of a listing of several queues.</summary>
/// <param name="Messages">In order. May be empty before the end, if no examined message matched.</param>
/// <param name="Next">The value of <c>after</c> for the next page; null at the end.</param>
/// <param name="Damaged">Groups of messages skipped because they could not be read.</param>
internal sealed record AllMessagesPage(IReadOnlyList<EntryView> Messages, string? Next, IReadOnlyList<long> Damaged);

/// <summary>One message with its headers and the beginning of its body.</summary>
internal sealed record MessageDetailsView
{
    /// <summary>The number in the queue, or among the dead letters.</summary>
    public required long Number { get; init; }

    public DeadLetterView? DeadLetter { get; init; }

    /// <summary>The message's bytes are damaged, and the members below are unknown.</summary>
    public bool IsDamaged { get; init; }

    public Guid? Id { get; init; }

    public DateTimeOffset? AcceptedAt { get; init; }

    public DateTimeOffset? ExpiresAt { get; init; }

    /// <summary>The gateway that accepted the message.</summary>
    public string? Source { get; init; }

    /// <summary>The number of deliveries to consumers, as far as the store knows; absent for a dead letter, which has none kept.</summary>
    public int? Deliveries { get; init; }

    public DateTimeOffset? NotBefore { get; init; }

    public IReadOnlyDictionary<string, string>? Headers { get; init; }

    public BodyPreview? Body { get; init; }

    public static MessageDetailsView Of(long number, FoundMessage found, int previewBytes) => found.Message is not { } stored
        ? new MessageDetailsView { Number = number, DeadLetter = DeadLetterView.Of(found.DeadLetter), IsDamaged = true }
        : new MessageDetailsView
        {
            Number = number,
            DeadLetter = DeadLetterView.Of(found.DeadLetter),
            Id = stored.Message.Id.Value,
            AcceptedAt = Times.Of(stored.Message.EnqueuedUnixMs),
            ExpiresAt = Times.OrNever(stored.Message.ExpiresUnixMs),
            Source = stored.Message.Source,
            Deliveries = found.DeadLetter is null ? stored.Deliveries : null,
            NotBefore = Times.OrNever(stored.NotBeforeUnixMs),
            Headers = MessageHeaders.Read(stored.Message.Headers),
            Body = BodyPreview.Of(stored.Message.Body.Span, previewBytes),
        };
}

/// <summary>One step on a message's way.</summary>
/// <param name="At">Null if the time of the step is unknown.</param>
internal sealed record TraceStepView(DateTimeOffset? At, string Step, string Text);

/// <summary>A message's way so far.</summary>
/// <param name="Sent">
/// For a message bound for a peer, the number of times it was given to a connection since the gateway started. Beyond 64 times the true
/// number may be higher.
/// </param>
internal sealed record TraceView(long Number, Guid? Id, DeadLetterView? DeadLetter, int? Sent, IReadOnlyList<TraceStepView> Steps);

/// <summary>Dead letters of one queue with one reason.</summary>
internal sealed record DeadLetterGroupView(
    QueueName Queue, string? Peer, DeadLetterReason Reason, long Messages, long Bytes, DateTimeOffset FirstAt, DateTimeOffset LastAt);
