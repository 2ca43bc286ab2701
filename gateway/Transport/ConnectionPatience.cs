using Gateway.Links.Protocol;

namespace Gateway.Transport;

/// <summary>How long the gateway waits for a connection.</summary>
/// <param name="Message">
/// The time to complete a message or command once begun. Arriving bytes extend it by a second per <see cref="SlowestBytesPerSecond"/>, up
/// to this time from their arrival: a slow line gets more time, a peer that sends a byte now and then does not.
/// </param>
/// <param name="Write">
/// The time within which the peer must read while bytes wait for it; bytes it reads extend the time in the same way.
/// </param>
internal sealed record ConnectionPatience(TimeSpan Message, TimeSpan Write)
{
    /// <summary>The silence after which the peer is asked for a sign of life; null to never ask.</summary>
    public TimeSpan? Heartbeat { get; init; }

    /// <summary>The time for any byte to arrive after that.</summary>
    public TimeSpan Silence { get; init; } = TimeSpan.FromSeconds(6);

    public const int SlowestBytesPerSecond = LinkLiveness.SlowestBytesPerSecond;
}
