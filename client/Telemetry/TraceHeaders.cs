using System.Diagnostics;
using Gateway.Client.Wire;

namespace Gateway.Client.Telemetry;

/// <summary>The trace to which a message belongs, in its headers, as W3C Trace Context writes it.</summary>
internal static class TraceHeaders
{
    public const string Parent = "traceparent";
    public const string State = "tracestate";

    /// <summary>The longest state that others have to pass on; a longer one is left out.</summary>
    private const int StateCharsMax = 512;

    /// <summary>The headers with the context of the send, or else of the span that the application is in if it is recorded.</summary>
    public static IReadOnlyDictionary<string, string>? Inject(IReadOnlyDictionary<string, string>? headers, Activity? send)
    {
        var span = send ?? (Activity.Current is { Recorded: true } current ? current : null);
        return span is { IdFormat: ActivityIdFormat.W3C, Id: { } id } ? Add(headers, id, span.TraceStateString) : headers;
    }

    /// <summary>
    /// The headers with a context. Those that have one of their own stay as they are, and so do those that would become too many for a
    /// gateway.
    /// </summary>
    public static IReadOnlyDictionary<string, string>? Add(IReadOnlyDictionary<string, string>? headers, string parent, string? state)
    {
        if (headers?.ContainsKey(Parent) == true || headers?.Count > HeadersJson.EntriesMax - 2)
            return headers;
        var with = headers is null ? [] : new Dictionary<string, string>(headers, StringComparer.Ordinal);
        with[Parent] = parent;
        with.Remove(State);
        if (state is { Length: > 0 and <= StateCharsMax })
            with[State] = state;
        return with;
    }

    /// <summary>Null when the headers have none that can be read.</summary>
    public static ActivityContext? Find(IReadOnlyDictionary<string, string> headers) =>
        headers.TryGetValue(Parent, out var parent)
            && ActivityContext.TryParse(parent, headers.GetValueOrDefault(State), isRemote: true, out var context) ? context : null;

    public static ActivityLink[]? LinksTo(IReadOnlyDictionary<string, string> headers) =>
        Find(headers) is { } context ? [new ActivityLink(context)] : null;
}
