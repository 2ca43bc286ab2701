namespace Gateway.Transport.Dialing;

/// <summary>What has come of a call to an inviting gateway.</summary>
/// <param name="IsJoined">The caller is its peer now, and it has proved that it is the one that made the code.</param>
/// <param name="Fault">Otherwise: a sentence.</param>
internal sealed record JoinOutcome(bool IsJoined, string Fault)
{
    /// <summary>The gateway was asked, and may have done it: only its answer is missing.</summary>
    public bool IsUnknown { get; init; }

    /// <summary>The proof has left this host: another address of the same gateway would not take it any more.</summary>
    public bool IsFinal { get; init; }

    public static readonly JoinOutcome Joined = new(true, "");

    public static JoinOutcome Failed(string fault) => new(false, fault);
}
