using Gateway.Management;

namespace Gateway.Dashboard.Live;

/// <summary>The gateway's figures at one time, as used by charts.</summary>
/// <param name="Peers">By peer: messages sent per second, and messages waiting.</param>
internal sealed record Sample(DateTimeOffset At, IReadOnlyDictionary<string, (double SentPerSecond, long Waiting)> Peers);

/// <summary>
/// The last minutes read by open pages, so that a new or reloaded page starts with a history. Any thread may add; an immutable snapshot is
/// replaced whole.
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
        // When the clock was set back, the charts restart instead of standing still until it catches up.
        if (before is [.., var latest] && state.Now < latest.At - _intervalMin) before = [];
        if (before is [.., var last] && state.Now - last.At < _intervalMin) return;
        var peers = state.Links.ToDictionary(link => link.Status.Peer, link => (link.SentPerSecond, link.Messages));
        Sample[] after = [.. before.TakeLast(SamplesMax - 1), new Sample(state.Now, peers)];

        // A concurrent caller has read the same second; one sample is enough.
        Interlocked.CompareExchange(ref _samples, after, seen);
    }
}
