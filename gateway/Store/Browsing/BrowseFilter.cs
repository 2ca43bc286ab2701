using System.Text;
using Gateway.Client.Wire;
using Gateway.Store.Messages;

namespace Gateway.Store.Browsing;

/// <summary>Selects messages; an unset criterion matches every message.</summary>
internal sealed record BrowseFilter
{
    private const int IdTextLength = 36;

    public static readonly BrowseFilter All = new();

    /// <summary>The beginning of the id, in its usual text form and in lower case; a complete id selects one message.</summary>
    public string IdPrefix { get; init; } = "";

    /// <summary>Accepted at this time or later.</summary>
    public long AcceptedFromUnixMs { get; init; } = long.MinValue;

    /// <summary>Accepted before this time.</summary>
    public long AcceptedBeforeUnixMs { get; init; } = long.MaxValue;

    /// <summary>The minimum bytes of headers and body.</summary>
    public long SizeMin { get; init; }

    /// <summary>The maximum bytes of headers and body.</summary>
    public long SizeMax { get; init; } = long.MaxValue;

    /// <summary>The gateway that accepted it.</summary>
    public string? Source { get; init; }

    /// <summary>Each of these headers is present with this text.</summary>
    public IReadOnlyDictionary<string, string> Headers { get; init; } = new Dictionary<string, string>();

    /// <summary>Only dead letters with this reason.</summary>
    public DeadLetterReason? Reason { get; init; }

    /// <summary>Only dead letters from this queue.</summary>
    public QueueId? FromQueue { get; init; }

    /// <summary>Only dead letters bound for this peer.</summary>
    public string? FromPeer { get; init; }

    /// <summary>The criteria in words; empty if there are none.</summary>
    public string Describe() => string.Join(", ", Words());

    /// <summary>Checks the criteria that need only the dead letter, before its message is read.</summary>
    public bool MayMatch(DeadLetter letter) =>
        (Reason is null || Reason == letter.Reason)
        && (FromQueue is null || FromQueue == letter.Queue)
        && (FromPeer is null || (letter.Queue.Kind == QueueKind.Outgoing && letter.Queue.Peer == FromPeer));

    /// <summary>Checks cheap criteria first; headers are parsed only if all others match.</summary>
    public bool Matches(MessageView message) =>
        message.EnqueuedUnixMs >= AcceptedFromUnixMs
        && message.EnqueuedUnixMs < AcceptedBeforeUnixMs
        && (long)message.HeadersBytes + message.BodyBytes is var size && size >= SizeMin && size <= SizeMax
        && MatchesId(message)
        && (Source is null || Source == message.Source)
        && MatchesHeaders(message);

    private bool MatchesId(MessageView message)
    {
        if (IdPrefix.Length == 0) return true;
        Span<char> text = stackalloc char[IdTextLength];
        return message.Id.Value.TryFormat(text, out _, "D") && text.StartsWith(IdPrefix, StringComparison.Ordinal);
    }

    private bool MatchesHeaders(MessageView message)
    {
        if (Headers.Count == 0) return true;

        // A text absent byte for byte may still be present in escaped form, so only headers without escapes are ruled out early.
        if (message.Headers.IndexOf((byte)'\\') < 0 && !HoldsEach(message.Headers)) return false;
        return HeadersJson.TryRead(message.Headers.ToArray(), out var found)
            && Headers.All(wanted => found.TryGetValue(wanted.Key, out var text) && text == wanted.Value);
    }

    private bool HoldsEach(ReadOnlySpan<byte> headers)
    {
        foreach (var (_, text) in Headers)
        {
            if (headers.IndexOf(Encoding.UTF8.GetBytes(text)) < 0) return false;
        }

        return true;
    }

    private IEnumerable<string> Words()
    {
        if (IdPrefix.Length > 0) yield return $"id {IdPrefix}…";
        if (AcceptedFromUnixMs > long.MinValue) yield return $"accepted from {Figures.Time(AcceptedFromUnixMs)}";
        if (AcceptedBeforeUnixMs < long.MaxValue) yield return $"accepted before {Figures.Time(AcceptedBeforeUnixMs)}";
        if (SizeMin > 0) yield return $"at least {SizeMin} bytes";
        if (SizeMax < long.MaxValue) yield return $"at most {SizeMax} bytes";
        if (Source is not null) yield return $"source {Source}";
        foreach (var (name, text) in Headers) yield return $"header {name}={text}";
        if (Reason is { } reason) yield return $"reason {reason}";
        if (FromQueue is { } queue) yield return $"queue {queue}";
        if (FromPeer is not null) yield return $"peer {FromPeer}";
    }
}
