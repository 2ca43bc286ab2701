using Gateway.Links;

namespace Gateway.Transport;

/// <summary>How long a connection may make the gateway wait.</summary>
/// <param name="Message">For the rest of a message or command that was begun. Bytes of it that arrive put the end off, by a second for each
/// <see cref="SlowestBytesPerSecond"/> and to no more than this from then: a slow line is waited for, and whoever sends a byte now and then
/// is not.</param>
/// <param name="Write">For the peer to take something, when bytes wait for it; put off in the same way by those that it takes.</param>
internal sealed record ConnectionPatience(TimeSpan Message, TimeSpan Write)
{
    /// <summary>After so long a silence the peer is asked for a sign of life; null not to ask.</summary>
    public TimeSpan? Heartbeat { get; init; }

    /// <summary>For any byte after that.</summary>
    public TimeSpan Silence { get; init; } = TimeSpan.FromSeconds(6);

    public const int SlowestBytesPerSecond = LinkLiveness.SlowestBytesPerSecond;
}
