using System.Globalization;
using System.Text;
using Gateway.Client.Wire;

namespace Gateway.Store.Browsing;

/// <summary>Which messages are wanted; one that is not set lets every message pass.</summary>
internal sealed record BrowseFilter
{
    private const int IdTextLength = 36;

    public static readonly BrowseFilter All = new();

    /// <summary>What the id begins with, in its usual text form and in lower case; the whole of it names one message.</summary>
    public string IdPrefix { get; init; } = "";

    /// <summary>Accepted at this time or later.</summary>
    public long AcceptedFromUnixMs { get; init; } = long.MinValue;

    /// <summary>Accepted before this time.</summary>
    public long AcceptedBeforeUnixMs { get; init; } = long.MaxValue;

    /// <summary>Bytes of headers and body, at least.</summary>
    public long SizeMin { get; init; }

    /// <summary>And at most.</summary>
    public long SizeMax { get; init; } = long.MaxValue;

    /// <summary>The gateway that accepted it.</summary>
    public string? Source { get; init; }

    /// <summary>Each of these headers is there, with this text.</summary>
    public IReadOnlyDictionary<string, string> Headers { get; init; } = new Dictionary<string, string>();

    /// <summary>Of the dead letters, those with this reason.</summary>
    public DeadLetterReason? Reason { get; init; }

    /// <summary>Of the dead letters, those that came from this queue.</summary>
    public QueueId? FromQueue { get; init; }

    /// <summary>Of the dead letters, those that were to go to this peer.</summary>
    public string? FromPeer { get; init; }

    /// <summary>What is wanted, in words; empty when everything is.</summary>
    public string Describe() => string.Join(", ", Words());

    /// <summary>What can be said of a dead letter before its message is read.</summary>
    public bool MayMatch(DeadLetter letter) =>
        (Reason is null || Reason == letter.Reason)
        && (FromQueue is null || FromQueue == letter.Queue)
        && (FromPeer is null || (letter.Queue.Kind == QueueKind.Outgoing && letter.Queue.Peer == FromPeer));

    /// <summary>What is cheap to compare comes first; headers are parsed for what passed all else.</summary>
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

        // A text that does not stand there byte by byte may still be written with escapes, so only headers without any are ruled out early.
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
        if (AcceptedFromUnixMs > long.MinValue) yield return $"accepted from {Time(AcceptedFromUnixMs)}";
        if (AcceptedBeforeUnixMs < long.MaxValue) yield return $"accepted before {Time(AcceptedBeforeUnixMs)}";
        if (SizeMin > 0) yield return $"at least {SizeMin} bytes";
        if (SizeMax < long.MaxValue) yield return $"at most {SizeMax} bytes";
        if (Source is not null) yield return $"source {Source}";
        foreach (var (name, text) in Headers) yield return $"header {name}={text}";
        if (Reason is { } reason) yield return $"reason {reason}";
        if (FromQueue is { } queue) yield return $"queue {queue}";
        if (FromPeer is not null) yield return $"peer {FromPeer}";
    }

    private static string Time(long unixMs) => DateTimeOffset.FromUnixTimeMilliseconds(unixMs).ToString("u", CultureInfo.InvariantCulture);
}
