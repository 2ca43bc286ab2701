using Gateway.Client.Wire;

namespace Gateway.Http.Views;

/// <summary>The headers of a message.</summary>
internal static class MessageHeaders
{
    private static readonly IReadOnlyDictionary<string, string> _none = new Dictionary<string, string>();

    /// <summary>Empty, too, for what is no headers: an application can say anything to a peer that checks less.</summary>
    public static IReadOnlyDictionary<string, string> Read(ReadOnlyMemory<byte> json) =>
        HeadersJson.TryRead(json, out var headers) ? headers : _none;
}
