using System.Text.Json.Serialization;
using Gateway.Http.Answers;
using Gateway.Http.Views;
using Gateway.Management;
using Gateway.Store.Browsing;
using Gateway.Store.Messages;

namespace Gateway.Http.Resources;

/// <summary>
/// An operation on messages, as requested by a caller. The messages must be chosen explicitly, and an unknown member is a fault: a typing
/// error must not purge a queue.
/// </summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
internal sealed record StartRequest
{
    public required OperationKind Kind { get; init; }

    /// <summary>Omitted for the dead letters.</summary>
    public QueueName? Queue { get; init; }

    /// <summary>Only the message with this number.</summary>
    public long? Number { get; init; }

    /// <summary>All matching messages.</summary>
    public FilterRequest? Filter { get; init; }

    /// <summary>All messages.</summary>
    public bool All { get; init; }

    /// <summary>The destination: for redirect, and for return if it differs from the original one.</summary>
    public string Destination { get; init; } = "";

    /// <summary>Includes messages that were sent but not acknowledged, although they may have arrived.</summary>
    public bool IncludeInDoubt { get; init; }

    /// <summary>The reason, kept in the audit trail.</summary>
    public string Why { get; init; } = "";

    /// <exception cref="ProblemException">The choice of messages is not clear.</exception>
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

/// <summary>A message filter; omitted members match every message.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
internal sealed record FilterRequest
{
    /// <summary>The beginning of the message id.</summary>
    public string? Id { get; init; }

    public DateTimeOffset? AcceptedFrom { get; init; }

    public DateTimeOffset? AcceptedBefore { get; init; }

    /// <summary>The minimum size of headers and body, in bytes.</summary>
    public long? SizeMin { get; init; }

    /// <summary>The maximum size of headers and body, in bytes.</summary>
    public long? SizeMax { get; init; }

    /// <summary>The gateway that accepted the message.</summary>
    public string? Source { get; init; }

    /// <summary>Headers that the message must have, with these values.</summary>
    public Dictionary<string, string>? Headers { get; init; }

    /// <summary>For dead letters: the reason.</summary>
    public DeadLetterReason? Reason { get; init; }

    /// <summary>For dead letters: the original queue.</summary>
    public QueueName? From { get; init; }

    /// <summary>For dead letters: the peer to which they were addressed.</summary>
    public string? FromPeer { get; init; }

    /// <exception cref="ProblemException">The filter is empty.</exception>
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
