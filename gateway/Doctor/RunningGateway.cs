using Gateway.Links.Causes;
using Gateway.Links.Protocol;

namespace Gateway.Doctor;

/// <summary>The answer to the question whether a gateway runs.</summary>
/// <param name="Gateway">Null if none answered, or the caller may not read its state.</param>
/// <param name="Why">Why nothing is known of it, one or two sentences; empty if it answered.</param>
/// <param name="IsRefused">A gateway answered and refused: the token is missing or unknown.</param>
internal sealed record GatewayAnswer(RunningGateway? Gateway, string Why = "", bool IsRefused = false);

/// <summary>What the running gateway says of itself and its links.</summary>
/// <param name="Version">Null for a gateway that does not tell.</param>
/// <param name="Obstacles">The conditions by which its health is judged: a code for programs, and a clause.</param>
internal sealed record RunningGateway(
    string Name, string? Version, DateTimeOffset StartedAt, IReadOnlyList<(string Code, string Text)> Obstacles,
    IReadOnlyList<LinkPast> Links);

/// <summary>A link of the running gateway: its state and its past.</summary>
/// <param name="Cause">Null for a link that is up and well.</param>
/// <param name="Warning">Empty for none; begins with <c>ClockSkew</c> if the clocks differ.</param>
internal sealed record LinkPast(
    string Peer, LinkState State, LinkCause? Cause, DateTimeOffset Since, string Evidence, string Advice, string Warning)
{
    /// <summary>The changes of its history that took it down, oldest first.</summary>
    public IReadOnlyList<SeenError> Errors { get; init; } = [];

    public IReadOnlyList<LinkPattern> Patterns { get; init; } = [];

    public IReadOnlyList<LinkCandidate> Candidates { get; init; } = [];
}

/// <summary>A change that took a link down.</summary>
/// <param name="Times">The changes for which it stands.</param>
internal sealed record SeenError(LinkCause Cause, DateTimeOffset At, int Times);
