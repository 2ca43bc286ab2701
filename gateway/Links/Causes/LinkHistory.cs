using System.Text.Json;
using System.Text.Json.Serialization;
using Gateway.Links.Protocol;

namespace Gateway.Links.Causes;

/// <summary>The end of a connection, as one of its two sides saw it.</summary>
/// <param name="Cause">
/// <see cref="LinkCause.None"/> if that side never saw an end: it took the connection for open until the next one came.
/// </param>
internal sealed record LinkEnd(DateTimeOffset At, LinkCause Cause, string Evidence);

/// <summary>Messages of a queue that were sent and unacknowledged when a connection ended, and their outcome.</summary>
/// <param name="Queue">The queue's name at the peer.</param>
/// <param name="First">The lowest of their numbers.</param>
/// <param name="Last">The highest of their numbers.</param>
/// <param name="Messages">Their count.</param>
/// <param name="StoredThere">
/// The number of those that were on the peer's disk, with only the acknowledgement lost. Known once the link is up again.
/// </param>
/// <param name="SentAgain">The number of those resent.</param>
internal sealed record InDoubt(string Queue, long First, long Last, int Messages, int StoredThere = 0, int SentAgain = 0);

/// <summary>One change of a link, as kept in its history.</summary>
internal sealed record LinkChange(DateTimeOffset At, LinkState State, LinkCause Cause, string Evidence)
{
    /// <summary>How long the connection had been up, if one ended.</summary>
    public double? UpSeconds { get; init; }

    /// <summary>How long no frame had passed over it by then, heartbeats included.</summary>
    public double? QuietSeconds { get; init; }

    /// <summary>
    /// The bytes sent on the connection and unacknowledged at its end; the next property is the largest batch acknowledged on it.
    /// </summary>
    public int? UnansweredBytes { get; init; }

    public int? AnsweredBytesMax { get; init; }

    /// <summary>The run of the peer with which the link came up; the next property is its start time.</summary>
    public Guid? Incarnation { get; init; }

    public DateTimeOffset? PeerStarted { get; init; }

    /// <summary>The peer's address at that time.</summary>
    public string? Address { get; init; }

    /// <summary>The number of changes of its kind that it stands for, if it is a summary; otherwise null.</summary>
    public int? Again { get; init; }

    /// <summary>Of a summary of sudden ends, those without a proven cause.</summary>
    public RepeatedEnds? Ends { get; init; }

    /// <summary>Of a summary of sudden ends, those after which the peer came back as another run.</summary>
    public RepeatedEnds? Restarts { get; init; }

    /// <summary>When the link went down, the messages in doubt; when it came up, their outcome.</summary>
    public IReadOnlyList<InDoubt> InDoubt { get; init; } = [];

    /// <summary>Of an inlet or outlet: one of its connections ended, while it stayed as it was.</summary>
    [JsonIgnore]
    public bool IsOneOfMany => State == LinkState.Up && UpSeconds is not null;

    /// <summary>The state with its cause: <c>Down (Refused)</c>, and <c>Up, after Refused</c>, since that is over.</summary>
    [JsonIgnore]
    public string Standing => Cause == LinkCause.None ? State.ToString() : IsCauseOver ? $"{State}, {CauseText}" : $"{State} ({CauseText})";

    /// <summary>The cause, for a table: <c>Refused</c>, or <c>after Refused</c> if that is over; empty for none.</summary>
    [JsonIgnore]
    public string CauseText => Cause == LinkCause.None ? "" : IsCauseOver ? $"after {Cause}" : Cause.ToString();

    private bool IsCauseOver => State == LinkState.Up && !IsOneOfMany && LinkCauses.IsOverWhenUp(Cause);
}

/// <summary>The last changes of one link, oldest first. The store keeps them, so that they survive restarts. Owned by the loop.</summary>
/// <param name="changes">Stores each change, written by <see cref="Write"/>, for later runs.</param>
internal sealed class LinkHistory(string peer, ILinkChanges changes)
{
    /// <summary>The number of changes kept.</summary>
    public const int ChangesMax = 256;

    /// <summary>The JSON format of changes and their parts: property names in camel case, causes and states by name.</summary>
    public static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        Converters = { new JsonStringEnumConverter() },
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    };

    private readonly Queue<LinkChange> _changes = [];
    private readonly LinkRepetition _repetition = new();

    /// <summary>The changes kept, and the summaries of those only counted so far.</summary>
    public IReadOnlyCollection<LinkChange> Changes =>
        _repetition.Pending.Any() ? [.. _changes.Concat(_repetition.Pending).OrderBy(change => change.At)] : _changes;

    /// <summary>The run of the peer with which the link was last up, in this run or an earlier one; null if unknown.</summary>
    public Guid? LastIncarnation => Changes.LastOrDefault(change => change.Incarnation is not null)?.Incarnation;

    /// <summary>The peer's address at that time; null if unknown.</summary>
    public string? LastAddress => Changes.LastOrDefault(change => change.Address is not null)?.Address;

    /// <summary>
    /// When the connection ended that nothing has followed yet; null when the link was up last, or paused, or never down.
    /// </summary>
    public DateTimeOffset? DownSince
    {
        get
        {
            DateTimeOffset? since = null;
            foreach (var change in Changes)
            {
                since = change.State == LinkState.Down ? since ?? change.At : null;
            }

            return since;
        }
    }

    /// <summary>Restores a change of an earlier run; called in order, before the first new change.</summary>
    public void Restore(LinkChange change)
    {
        _changes.Enqueue(change);
        if (_changes.Count > ChangesMax) _changes.Dequeue();
    }

    /// <summary>Adds a change that must not be left out.</summary>
    public void Add(LinkChange change)
    {
        changes.OnHappened(peer, change);
        Keep(change);
    }

    /// <summary>Adds a change that may come again and again; returns the changes kept.</summary>
    /// <param name="topic">Tells kinds of one state and cause apart.</param>
    public IReadOnlyList<LinkChange> AddRepeatable(LinkChange change, string topic = "")
    {
        changes.OnHappened(peer, change);
        var kept = _repetition.Take(change, topic);
        foreach (var one in kept) Keep(one);
        return kept;
    }

    /// <summary>Keeps the summaries of the changes counted so far: the run ends.</summary>
    public void KeepCounted()
    {
        foreach (var summary in _repetition.TakePending()) Keep(summary);
    }

    private void Keep(LinkChange change)
    {
        Restore(change);
        changes.OnChanged(peer, change);
    }

    /// <summary>Writes a change as a line of JSON.</summary>
    public static byte[] Write(LinkChange change) => JsonSerializer.SerializeToUtf8Bytes(change, Json);

    /// <summary>Null if a newer version wrote a change unknown to this one.</summary>
    public static LinkChange? Read(ReadOnlySpan<byte> json)
    {
        try
        {
            return JsonSerializer.Deserialize<LinkChange>(json, Json);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
