using Gateway.Links.Protocol;

namespace Gateway.Doctor;

/// <summary>What was measured over probes, connections of the doctor's own that speak the protocol between gateways.</summary>
/// <param name="Answer">The peer's answer; null if it gave none.</param>
/// <param name="Refusal">The code with which the peer refused; null if it did not.</param>
/// <param name="Fault">Why there is no answer; empty if there is one.</param>
internal sealed record ProbeFacts(ProbeFrame.Probed? Answer, RefusalCode? Refusal = null, string Fault = "")
{
    /// <summary>Round trips of small frames; null if none came back.</summary>
    public TripFacts? Idle { get; init; }

    /// <summary>The same while large frames went both ways; null if that was not measured.</summary>
    public TripFacts? Loaded { get; init; }

    /// <summary>Frames of rising size to the peer; null if that was not tried.</summary>
    public SizeFacts? To { get; init; }

    /// <summary>The same, from the peer.</summary>
    public SizeFacts? From { get; init; }

    /// <summary>Bytes per second, to the peer and from it; null if that was not asked for.</summary>
    public (double To, double From)? Bandwidth { get; init; }

    /// <summary>Null if that was not asked for.</summary>
    public SilenceFacts? Silence { get; init; }

    /// <summary>How far the peer got when it dialed this gateway; null if it did not tell.</summary>
    public ProbeFrame.DialedBack? Back { get; init; }
}

internal sealed record TripFacts(int Count, TimeSpan Median, TimeSpan Worst);

/// <param name="PassedBytes">The largest frame that arrived; 0 if none did.</param>
/// <param name="LostBytes">The smallest one that did not; null if all did.</param>
/// <param name="Fault">Why it could not be measured to its end; empty if it could.</param>
internal sealed record SizeFacts(int PassedBytes, int? LostBytes, string Fault = "");

/// <param name="Survived">The longest silence after which a connection still worked.</param>
/// <param name="Cut">The shortest after which it did not; null if all did.</param>
/// <param name="Fault">Why it could not be measured; empty if it could.</param>
internal sealed record SilenceFacts(TimeSpan Survived, TimeSpan? Cut, string Fault = "");

/// <summary>What a caller wants measured beyond the usual.</summary>
/// <param name="Bandwidth">Fill the way for two seconds in each direction.</param>
/// <param name="Silence">Look for a connection that is forgotten within this time; null for not.</param>
internal sealed record WayWishes(bool Bandwidth = false, TimeSpan? Silence = null);
