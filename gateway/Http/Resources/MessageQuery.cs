using System.ComponentModel;
using Gateway.Http.Answers;
using Gateway.Store.Browsing;
using Gateway.Store.Messages;
using Microsoft.AspNetCore.Mvc;

namespace Gateway.Http.Resources;

/// <summary>A message filter in the query of an address; omitted parameters match every message.</summary>
internal sealed class MessageQuery
{
    private const int HeadersMax = 16;

    [FromQuery, Description("The beginning of the message id")]
    public string? Id { get; init; }

    [FromQuery, Description("Accepted at this time or later, ISO 8601")]
    public DateTimeOffset? AcceptedFrom { get; init; }

    [FromQuery, Description("Accepted before this time, ISO 8601")]
    public DateTimeOffset? AcceptedBefore { get; init; }

    [FromQuery, Description("Bytes of headers and body, at least")]
    public long? SizeMin { get; init; }

    [FromQuery, Description("And at most")]
    public long? SizeMax { get; init; }

    [FromQuery, Description("The gateway that accepted it")]
    public string? Source { get; init; }

    [FromQuery, Description("A header with this text, as NAME:TEXT; may be given several times, and then all must be there")]
    public string[]? Header { get; init; }

    [FromQuery, Description("Of messages of a queue: how they stand: leased, delayed, sent, in-doubt, paused or waiting")]
    public string? State { get; init; }

    [FromQuery, Description("Of dead letters: the reason")]
    public string? Reason { get; init; }

    [FromQuery, Description("Of dead letters: the queue they were in, as outgoing/QUEUE@PEER or inbound/QUEUE")]
    public string? From { get; init; }

    [FromQuery, Description("Of dead letters: the peer that they were to go to")]
    public string? FromPeer { get; init; }

    /// <exception cref="ProblemException">A parameter is invalid.</exception>
    public (BrowseFilter Filter, MessageState? State) OfMessages()
    {
        var filter = ToFilter();
        if (Reason is not null || From is not null || FromPeer is not null) throw ProblemException.BadRequest(
            "Only dead letters have a reason and a queue they came from; look for them at /dead-letters.");
        return (filter, State is null ? null : ReadName<MessageState>("state", State));
    }

    /// <exception cref="ProblemException">A parameter is invalid.</exception>
    public BrowseFilter OfDeadLetters() =>
        State is null ? ToFilter() : throw ProblemException.BadRequest("A dead letter has no state; leave it out.");

    private BrowseFilter ToFilter() => new()
    {
        IdPrefix = Id?.ToLowerInvariant() ?? "",
        AcceptedFromUnixMs = AcceptedFrom?.ToUnixTimeMilliseconds() ?? long.MinValue,
        AcceptedBeforeUnixMs = AcceptedBefore?.ToUnixTimeMilliseconds() ?? long.MaxValue,
        SizeMin = SizeMin ?? 0,
        SizeMax = SizeMax ?? long.MaxValue,
        Source = Source,
        Headers = ReadHeaders(Header ?? []),
        Reason = Reason is null ? null : ReadName<DeadLetterReason>("reason", Reason),
        FromQueue = From is null ? null : ReadQueue(From),
        FromPeer = FromPeer,
    };

    private static Dictionary<string, string> ReadHeaders(string[] given)
    {
        if (given.Length > HeadersMax) throw ProblemException.BadRequest($"At most {HeadersMax} headers can be asked for at once.");
        var headers = new Dictionary<string, string>();
        foreach (var header in given)
        {
            var colon = header.IndexOf(':', StringComparison.Ordinal);
            if (colon < 1) throw ProblemException.BadRequest($"header is '{header}'; write NAME:TEXT.");
            if (!headers.TryAdd(header[..colon], header[(colon + 1)..]))
                throw ProblemException.BadRequest($"The header '{header[..colon]}' is asked for twice; no message has it with two texts.");
        }

        return headers;
    }

    private static T ReadName<T>(string parameter, string text)
        where T : struct, Enum
    {
        foreach (var member in Enum.GetValues<T>())
        {
            if (HttpJson.NameOf(member) == text) return member;
        }

        throw ProblemException.BadRequest(
            $"{parameter} is '{text}'; known are {string.Join(", ", Enum.GetValues<T>().Select(HttpJson.NameOf))}.");
    }

    private static QueueId ReadQueue(string text) =>
        (text.Split('/') is [var kind, var name] ? QueueRoute.TryParse(kind, name) : null)
            ?? throw ProblemException.BadRequest($"from is '{text}'; write outgoing/QUEUE@PEER or inbound/QUEUE.");
}
