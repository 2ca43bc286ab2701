namespace Gateway.Cli.Demo;

/// <summary>
/// A killed gateway's way back, in times since the demo began. <see cref="After"/> is the last sequence number that was accepted when it
/// was killed: what has a higher one went out after its absence.
/// </summary>
internal sealed record PeerReturn(string Peer, long After, TimeSpan Started)
{
    /// <summary>When it took connections of its peers again.</summary>
    public TimeSpan? Listening { get; init; }

    /// <summary>When the first message from after its kill reached the consumer.</summary>
    public TimeSpan? FirstReplayed { get; init; }
}
