using Gateway.Management;

namespace Gateway.Dashboard.Live;

/// <summary>How the gateway was at one time, as far as charts show it.</summary>
/// <param name="Peers">By peer: messages a second that left for it, and messages that wait for it.</param>
internal sealed record Sample(DateTimeOffset At, IReadOnlyDictionary<string, (double SentPerSecond, long Waiting)> Peers);

/// <summary>
/// The last minutes of what open pages have read, so that a page that is opened, or loaded again, begins with a past. Any thread may add;
/// an immutable snapshot is replaced whole.
/// </summary>
internal sealed class SampleHistory
{
    public const int SamplesMax = 120;

    private static readonly TimeSpan _intervalMin = TimeSpan.FromSeconds(0.9);

    private IReadOnlyList<Sample> _samples = [];

    public IReadOnlyList<Sample> Samples => Volatile.Read(ref _samples);

    public void Add(GatewayState state)
    {
        var seen = Samples;
        var before = seen;
        // By a clock that was set back the charts begin anew, instead of standing still until it is where it was.
        if (before is [.., var latest] && state.Now < latest.At - _intervalMin) before = [];
        if (before is [.., var last] && state.Now - last.At < _intervalMin) return;
        var peers = state.Links.ToDictionary(link => link.Status.Peer, link => (link.SentPerSecond, link.Messages));
        Sample[] after = [.. before.TakeLast(SamplesMax - 1), new Sample(state.Now, peers)];

        // Whoever comes second has read the same second; one of the two is enough.
        Interlocked.CompareExchange(ref _samples, after, seen);
    }
}
