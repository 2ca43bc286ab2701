namespace Gateway.Cli.Demo.Ledger;

/// <summary>
/// The recovery of a killed gateway, in times since the demo began. <see cref="After"/> is the last sequence number accepted at the kill;
/// higher numbers were sent after its absence.
/// </summary>
internal sealed record PeerReturn(string Peer, long After, TimeSpan Started)
{
    /// <summary>What happened at <see cref="Started"/>, in words.</summary>
    public string From { get; init; } = "start";

    /// <summary>When it accepted connections of its peers again.</summary>
    public TimeSpan? Listening { get; init; }

    /// <summary>When the first message sent after the kill reached the consumer.</summary>
    public TimeSpan? FirstReplayed { get; init; }
}
