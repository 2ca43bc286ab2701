namespace Gateway.Transport;

/// <summary>How long a connection may make the gateway wait.</summary>
/// <param name="Message">For the rest of a message or command that was begun; a long one gets a second more for each <see cref="SlowestBytesPerSecond"/>.</param>
/// <param name="Write">For the peer to take something, when bytes wait for it.</param>
internal sealed record SplicePatience(TimeSpan Message, TimeSpan Write)
{
    /// <summary>After so long a silence the peer is asked for a sign of life; null not to ask.</summary>
    public TimeSpan? Heartbeat { get; init; }

    /// <summary>For any byte after that.</summary>
    public TimeSpan Silence { get; init; } = TimeSpan.FromSeconds(6);

    public const int SlowestBytesPerSecond = 64 * 1024;

    public TimeSpan OfMessage(long bytes) => Message + TimeSpan.FromSeconds((double)bytes / SlowestBytesPerSecond);
}
