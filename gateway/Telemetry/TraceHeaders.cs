using System.Diagnostics;
using System.Text.Json;

namespace Gateway.Telemetry;

/// <summary>
/// Finds the trace to which a message belongs, in the headers that travel with it: <c>traceparent</c> and <c>tracestate</c> as the W3C has
/// them.
/// </summary>
internal static class TraceHeaders
{
    private static ReadOnlySpan<byte> Parent => "traceparent"u8;

    private static ReadOnlySpan<byte> State => "tracestate"u8;

    /// <summary>False if there is none, if it cannot be read, or if its sender did not have it recorded.</summary>
    public static bool TryFindRecorded(ReadOnlySpan<byte> headers, out ActivityContext context)
    {
        context = default;
        // Most messages have none, and are not to be parsed for that; a name that is written with escapes is not worth finding.
        if (headers.IndexOf(Parent) < 0) return false;
        var reader = new Utf8JsonReader(headers);
        string? parent = null;
        string? state = null;
        // The headers were checked when they were accepted, here or by a peer that has the same rules.
        try
        {
            while (reader.Read())
            {
                if (reader.TokenType != JsonTokenType.PropertyName) continue;
                var isParent = reader.ValueTextEquals(Parent);
                var isState = reader.ValueTextEquals(State);
                if (!reader.Read() || reader.TokenType != JsonTokenType.String) return false;
                if (isParent) parent = reader.GetString();
                if (isState) state = reader.GetString();
            }
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return false;
        }

        return ActivityContext.TryParse(parent, state, isRemote: true, out context)
            && context.TraceFlags.HasFlag(ActivityTraceFlags.Recorded);
    }
}
