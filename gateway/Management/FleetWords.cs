using Gateway.Links.Fleet;

namespace Gateway.Management;

/// <summary>The words of pages and command line for a gateway of the fleet. Pure.</summary>
internal static class FleetWords
{
    /// <summary>Differences that are the time of an answer, and no clock's.</summary>
    private const double ClockShown = 1;

    private const int CommitShown = 8;

    /// <summary>What the gateway tells of itself, and since when.</summary>
    /// <param name="share">Null if it never told anything.</param>
    public static string Told(PeerAnswer answer, FleetShare? share, double? ageSeconds)
    {
        var last = share > FleetShare.Nothing ? ageSeconds < 1 ? "just now" : $"{Figures.Span(ageSeconds)} ago" : "";
        var why = answer switch
        {
            PeerAnswer.NotKnown => "does not share: an older version",
            PeerAnswer.Unreadable => "unreadable answer",
            PeerAnswer.Silent => "no answer",
            _ when share == FleetShare.Nothing => "does not share",
            _ => last.Length > 0 ? "" : "nothing yet",
        };
        return why.Length > 0 && last.Length > 0 ? $"{why}; {last}" : why + last;
    }

    /// <summary>The version, with no more of a commit than tells it from others.</summary>
    public static string Version(string version) =>
        version.IndexOf('+', StringComparison.Ordinal) is >= 0 and var plus && version.Length > plus + CommitShown
            ? version[..(plus + 1 + CommitShown)] : version;

    /// <summary>Empty if it is not known.</summary>
    public static string Clock(double? aheadSeconds) => aheadSeconds switch
    {
        null => "",
        > ClockShown => $"{Figures.Span(aheadSeconds)} ahead",
        < -ClockShown => $"{Figures.Span(-aheadSeconds)} behind",
        _ => "right",
    };
}
