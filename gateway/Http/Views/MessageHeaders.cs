using Gateway.Client.Wire;

namespace Gateway.Http.Views;

/// <summary>The headers of a message.</summary>
internal static class MessageHeaders
{
    private static readonly IReadOnlyDictionary<string, string> _none = new Dictionary<string, string>();

    /// <summary>Also empty for invalid headers, which only a repaired store can hold, among its dead letters.</summary>
    public static IReadOnlyDictionary<string, string> Read(ReadOnlyMemory<byte> json) =>
        HeadersJson.TryRead(json, out var headers) ? headers : _none;
}
