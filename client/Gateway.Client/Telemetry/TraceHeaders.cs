using System.Diagnostics;
using Gateway.Client.Wire;

namespace Gateway.Client.Telemetry;

/// <summary>The trace context of a message, kept in its headers as W3C Trace Context.</summary>
internal static class TraceHeaders
{
    public const string Parent = "traceparent";
    public const string State = "tracestate";

    /// <summary>The longest trace state that must be passed on; a longer one is omitted.</summary>
    private const int StateCharsMax = 512;

    /// <summary>Adds the context of the send span to the headers, or else that of the current span if it is recorded.</summary>
    public static IReadOnlyDictionary<string, string>? Inject(IReadOnlyDictionary<string, string>? headers, Activity? send)
    {
        var span = send ?? (Activity.Current is { Recorded: true } current ? current : null);
        return span is { IdFormat: ActivityIdFormat.W3C, Id: { } id } ? Add(headers, id, span.TraceStateString) : headers;
    }

    /// <summary>
    /// Adds a context to the headers. Headers stay unchanged if they already have one or would exceed the gateway's limit.
    /// </summary>
    public static IReadOnlyDictionary<string, string>? Add(IReadOnlyDictionary<string, string>? headers, string parent, string? state)
    {
        if (headers?.ContainsKey(Parent) == true || headers?.Count > ProtocolLimits.HeaderEntriesMax - 2)
            return headers;
        var with = HeaderEntries.Copy(headers);
        with[Parent] = parent;
        with.Remove(State);
        if (state is { Length: > 0 and <= StateCharsMax })
            with[State] = state;
        return with;
    }

    /// <summary>Reads the context; null if the headers hold no valid one.</summary>
    public static ActivityContext? Find(IReadOnlyDictionary<string, string> headers) =>
        headers.TryGetValue(Parent, out var parent)
            && ActivityContext.TryParse(parent, headers.GetValueOrDefault(State), isRemote: true, out var context) ? context : null;

    public static ActivityLink[]? LinksTo(IReadOnlyDictionary<string, string> headers) =>
        Find(headers) is { } context ? [new ActivityLink(context)] : null;
}
