namespace Gateway.Transport.Plain;

/// <summary>How often the system is asked what a connection's other side has acknowledged. Pure.</summary>
internal sealed class WatchPace
{
    private static readonly TimeSpan _shortest = TimeSpan.FromMilliseconds(1);
    private static readonly TimeSpan _longest = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan _silence = TimeSpan.FromSeconds(10);

    /// <summary>So many retransmissions or probes in a row without an answer are a sign of a lost host.</summary>
    private const int UnansweredMax = 3;

    private TimeSpan _last = _shortest;

    /// <summary>The time until the next question.</summary>
    public TimeSpan Next(bool isProgress)
    {
        _last = isProgress ? _shortest : _last + _last;
        if (_last > _longest) _last = _longest;
        return _last;
    }

    /// <summary>
    /// The other host does not answer at all. One that answers and takes nothing is another matter: its program does not read.
    /// </summary>
    public static bool IsSilent(TcpFigures figures) => figures.Unanswered >= UnansweredMax && figures.Silent > _silence;
}
