using System.Text.Json;
using System.Text.Json.Serialization;

namespace Gateway.Links;

/// <summary>How a connection ended, as one of its two sides saw it.</summary>
/// <param name="Cause"><see cref="LinkCause.None"/> if that side never saw an end: it took the connection for open until the next one
/// came.</param>
internal sealed record LinkEnd(DateTimeOffset At, LinkCause Cause, string Evidence);

/// <summary>Messages of a queue that had been sent and were not acknowledged when a connection ended, and what became of them.</summary>
/// <param name="Queue">The queue's name on the peer.</param>
/// <param name="First">The lowest of their numbers.</param>
/// <param name="Last">The highest.</param>
/// <param name="Messages">How many.</param>
/// <param name="StoredThere">So many of them the peer had on its disk; only the acknowledgement was lost. Known once the link is up
/// again.</param>
/// <param name="SentAgain">So many were sent again.</param>
internal sealed record InDoubt(string Queue, long First, long Last, int Messages, int StoredThere = 0, int SentAgain = 0);

/// <summary>One change of a link, as its history keeps it.</summary>
internal sealed record LinkChange(DateTimeOffset At, LinkState State, LinkCause Cause, string Evidence)
{
    /// <summary>How long the connection had been up, if one ended.</summary>
    public double? UpSeconds { get; init; }

    /// <summary>How long no message had gone over it then, heartbeats apart.</summary>
    public double? QuietSeconds { get; init; }

    /// <summary>What was sent on it and not acknowledged then, and the largest batch that was acknowledged on it, in bytes.</summary>
    public int? UnansweredBytes { get; init; }

    public int? AnsweredBytesMax { get; init; }

    /// <summary>Which run of the peer it is that the link came up with, and when that began.</summary>
    public Guid? Incarnation { get; init; }

    public DateTimeOffset? PeerStarted { get; init; }

    /// <summary>Where it was found then.</summary>
    public string? Address { get; init; }

    /// <summary>When it went down, what is in doubt; when it came up, what became of that.</summary>
    public IReadOnlyList<InDoubt> InDoubt { get; init; } = [];
}

/// <summary>
/// The last changes of one link, oldest first; kept by the store, so that they survive restarts. Owned by the loop.
/// </summary>
/// <param name="keep">Keeps a change, written by <see cref="Write"/>, beyond this run.</param>
internal sealed class LinkHistory(Action<LinkChange> keep)
{
    /// <summary>So many are kept.</summary>
    public const int ChangesMax = 256;

    /// <summary>How changes and what follows from them are written: names in camel case, causes and states by name.</summary>
    public static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        Converters = { new JsonStringEnumConverter() },
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    };

    private readonly Queue<LinkChange> _changes = [];

    public IReadOnlyCollection<LinkChange> Changes => _changes;

    /// <summary>The run of the peer that the link was last up with, in this run or an earlier one; null when none is known.</summary>
    public Guid? LastIncarnation => _changes.LastOrDefault(change => change.Incarnation is not null)?.Incarnation;

    /// <summary>Where the peer was then; null when it is not known.</summary>
    public string? LastAddress => _changes.LastOrDefault(change => change.Address is not null)?.Address;

    /// <summary>A change that an earlier run kept; in order, before the first new one.</summary>
    public void Restore(LinkChange change)
    {
        _changes.Enqueue(change);
        if (_changes.Count > ChangesMax) _changes.Dequeue();
    }

    public void Add(LinkChange change)
    {
        Restore(change);
        keep(change);
    }

    /// <summary>A change as a line of JSON.</summary>
    public static byte[] Write(LinkChange change) => JsonSerializer.SerializeToUtf8Bytes(change, Json);

    /// <summary>Null when a newer version wrote what this one does not know.</summary>
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
