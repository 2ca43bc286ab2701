using System.Globalization;

namespace Gateway.Store.Messages;

/// <summary>The record that the store keeps of an outgoing queue while there is no connection to send it on.</summary>
/// <param name="InDoubtUpTo">Messages up to this number may be at the peer although unacknowledged; 0 if none is.</param>
/// <param name="Reach">No number above this one has ever left the store.</param>
internal readonly record struct SentNote(long InDoubtUpTo, long Reach)
{
    /// <summary>Null if the note is invalid: anything may then have been sent.</summary>
    public static SentNote? Parse(string? note)
    {
        var parts = (note ?? "").Split(' ');
        return parts.Length == 2
            && long.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out var inDoubtUpTo)
            && long.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out var reach) ? new SentNote(
                inDoubtUpTo, reach) : null;
    }

    public string ToNote() => string.Create(CultureInfo.InvariantCulture, $"{InDoubtUpTo} {Reach}");
}
