namespace Gateway.Client.Requests;

/// <summary>The headers by which requests and replies find each other; PROTOCOL.md describes them for other languages.</summary>
public static class RequestHeaders
{
    /// <summary>
    /// The header of a request that says where its reply goes: <c>queue@gateway</c>. The queue's name begins with <c>replies.</c>, so that
    /// a request cannot lead a reply into another application's queue.
    /// </summary>
    public const string ReplyTo = "reply-to";

    /// <summary>The header with the id of the request, in the request and in its reply.</summary>
    public const string CorrelationId = "correlation-id";
}
