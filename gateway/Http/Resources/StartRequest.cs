using System.Text.Json.Serialization;
using Gateway.Http.Answers;
using Gateway.Http.Views;
using Gateway.Management;
using Gateway.Store;
using Gateway.Store.Browsing;

namespace Gateway.Http.Resources;

/// <summary>
/// An act on messages, as a caller asks for it. What it is about has to be said outright, and a member that is not known is a fault: a slip
/// of the pen must not purge a queue.
/// </summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
internal sealed record StartRequest
{
    public required OperationKind Kind { get; init; }

    /// <summary>Left out for the dead letters.</summary>
    public QueueName? Queue { get; init; }

    /// <summary>Only this message.</summary>
    public long? Number { get; init; }

    /// <summary>Or all that match.</summary>
    public FilterRequest? Filter { get; init; }

    /// <summary>Or really all of them.</summary>
    public bool All { get; init; }

    /// <summary>Where they go: for redirect, and for return if not to where they came from.</summary>
    public string Destination { get; init; } = "";

    /// <summary>Also those that were sent and not acknowledged, though they may have arrived.</summary>
    public bool IncludeInDoubt { get; init; }

    /// <summary>Why, kept in the audit trail.</summary>
    public string Why { get; init; } = "";

    /// <exception cref="ProblemException">It is not clear what it is about.</exception>
    public OperationRequest ToRequest()
    {
        if (new[] { Number is not null, Filter is not null, All }.Count(isGiven => isGiven) != 1)
            throw ProblemException.BadRequest("Say which messages, by one of three: \"number\": N for one, \"filter\": { … } for "
                + "those that match, \"all\": true for all.");
        return new OperationRequest
        {
            Kind = Kind,
            Queue = Queue is null ? null : QueueRoute.TryParse(
                HttpJson.NameOf(Queue.Kind), Queue.Name) ?? throw ProblemException.BadRequest($"queue is {HttpJson.NameOf(Queue.Kind)} "
                + $"'{Queue.Name}', which names none: an outgoing queue is QUEUE@PEER, an inbound one QUEUE."),
            Number = Number,
            Filter = Filter?.ToFilter() ?? BrowseFilter.All,
            Destination = Destination,
            IncludeInDoubt = IncludeInDoubt,
            Why = WhyRequest.Checked(Why),
        };
    }
}

/// <summary>Which messages; what is left out lets every message pass.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
internal sealed record FilterRequest
{
    /// <summary>What the message id begins with.</summary>
    public string? Id { get; init; }

    public DateTimeOffset? AcceptedFrom { get; init; }

    public DateTimeOffset? AcceptedBefore { get; init; }

    /// <summary>Bytes of headers and body, at least.</summary>
    public long? SizeMin { get; init; }

    /// <summary>And at most.</summary>
    public long? SizeMax { get; init; }

    /// <summary>The gateway that accepted it.</summary>
    public string? Source { get; init; }

    /// <summary>Each of these headers is there, with this text.</summary>
    public Dictionary<string, string>? Headers { get; init; }

    /// <summary>Of dead letters: why they are.</summary>
    public DeadLetterReason? Reason { get; init; }

    /// <summary>Of dead letters: the queue they were in.</summary>
    public QueueName? From { get; init; }

    /// <summary>Of dead letters: the peer that they were to go to.</summary>
    public string? FromPeer { get; init; }

    /// <exception cref="ProblemException">It says nothing.</exception>
    public BrowseFilter ToFilter()
    {
        var filter = new BrowseFilter
        {
            IdPrefix = Id?.ToLowerInvariant() ?? "",
            AcceptedFromUnixMs = AcceptedFrom?.ToUnixTimeMilliseconds() ?? long.MinValue,
            AcceptedBeforeUnixMs = AcceptedBefore?.ToUnixTimeMilliseconds() ?? long.MaxValue,
            SizeMin = SizeMin ?? 0,
            SizeMax = SizeMax ?? long.MaxValue,
            Source = Source,
            Headers = Headers ?? [],
            Reason = Reason,
            FromQueue = From is null ? null : QueueRoute.TryParse(HttpJson.NameOf(From.Kind), From.Name)
                ?? throw ProblemException.BadRequest($"from is {HttpJson.NameOf(From.Kind)} '{From.Name}', which names no queue."),
            FromPeer = FromPeer,
        };
        return filter.Describe().Length > 0 ? filter : throw ProblemException.BadRequest(
            "The filter is empty, so all messages match; if that is meant, say \"all\": true in its place.");
    }
}
