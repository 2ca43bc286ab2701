using System.Globalization;
using Gateway.Store.Browsing;
using Gateway.Store.Messages;

namespace Gateway.Dashboard.Browsing;

/// <summary>A filter as typed by the user and as written in the address of a page.</summary>
internal sealed record FilterFields
{
    public string Id { get; init; } = "";

    /// <summary>The minimum age since acceptance, as <c>90s</c>, <c>15m</c>, <c>2h</c> or <c>3d</c>.</summary>
    public string Older { get; init; } = "";

    /// <summary>The maximum age since acceptance.</summary>
    public string Younger { get; init; } = "";

    /// <summary><c>name=value</c>.</summary>
    public string Header { get; init; } = "";

    /// <summary>In bytes, or with the suffix <c>k</c> or <c>M</c>.</summary>
    public string SizeMin { get; init; } = "";

    public string SizeMax { get; init; } = "";

    public bool IsEmpty => this == new FilterFields();

    /// <summary>The filter, or a sentence describing the fault.</summary>
    public (BrowseFilter? Filter, string Fault) Read(DateTimeOffset now, DeadLetterReason? reason, QueueId? fromQueue)
    {
        if (!Id.All(c => char.IsAsciiHexDigit(c) || c == '-')) return (null, "An id has only the digits 0–9, a–f and hyphens.");
        if (!TryReadAge(Older, out var older) || !TryReadAge(Younger, out var younger))
            return (null, "Write an age as 90s, 15m, 2h or 3d.");
        if (!TryReadSize(SizeMin, out var sizeMin) || !TryReadSize(SizeMax, out var sizeMax))
            return (null, "Write a size as 500, 20k or 1M.");
        if (!TryReadHeader(Header, out var headers)) return (null, "Write a header as name=value.");
        return (new BrowseFilter
        {
            IdPrefix = Id.ToLowerInvariant(),
            AcceptedFromUnixMs = younger is { } least ? (now - least).ToUnixTimeMilliseconds() : long.MinValue,
            AcceptedBeforeUnixMs = older is { } most ? (now - most).ToUnixTimeMilliseconds() : long.MaxValue,
            SizeMin = sizeMin ?? 0,
            SizeMax = sizeMax ?? long.MaxValue,
            Headers = headers,
            Reason = reason,
            FromQueue = fromQueue,
        }, "");
    }

    private static bool TryReadHeader(string text, out Dictionary<string, string> headers)
    {
        headers = [];
        if (text.Length == 0) return true;
        var equals = text.IndexOf('=');
        if (equals > 0) headers[text[..equals].Trim()] = text[(equals + 1)..].Trim();
        return equals > 0;
    }

    private static bool TryReadAge(string text, out TimeSpan? age)
    {
        const double DaysMax = 36_500;
        age = null;
        if (text.Length == 0) return true;
        var unit = char.ToLowerInvariant(text[^1]) switch { 's' => 1.0, 'm' => 60.0, 'h' => 3600.0, 'd' => 86_400.0, _ => 0 };
        if (unit == 0 || !double.TryParse(text.AsSpan(0, text.Length - 1), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture,
            out var count)) return false;
        if (count * unit > DaysMax * 86_400) return false;
        age = TimeSpan.FromSeconds(count * unit);
        return true;
    }

    private static bool TryReadSize(string text, out long? size)
    {
        size = null;
        if (text.Length == 0) return true;
        var unit = text[^1] switch { 'k' or 'K' => 1000L, 'm' or 'M' => 1_000_000L, _ => 1L };
        if (!int.TryParse(unit == 1 ? text : text[..^1], NumberStyles.None, CultureInfo.InvariantCulture, out var count)) return false;
        size = count * unit;
        return true;
    }
}
