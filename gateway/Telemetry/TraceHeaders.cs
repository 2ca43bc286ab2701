using System.Diagnostics;
using System.Text.Json;

namespace Gateway.Telemetry;

/// <summary>Finds a message's trace in its headers: <c>traceparent</c> and <c>tracestate</c> of W3C Trace Context.</summary>
internal static class TraceHeaders
{
    private static ReadOnlySpan<byte> Parent => "traceparent"u8;

    private static ReadOnlySpan<byte> State => "tracestate"u8;

    /// <summary>False if there is no trace, it cannot be parsed, or its sender did not record it.</summary>
    public static bool TryFindRecorded(ReadOnlySpan<byte> headers, out ActivityContext context)
    {
        context = default;
        // Most messages have no trace and need no parsing; a name written with escapes is deliberately ignored.
        if (headers.IndexOf(Parent) < 0) return false;
        var reader = new Utf8JsonReader(headers);
        string? parent = null;
        string? state = null;
        // The headers were checked on acceptance, here or by a peer with the same rules.
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
