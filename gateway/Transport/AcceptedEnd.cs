using Gateway.Links;

namespace Gateway.Transport;

/// <summary>How a connection that somebody made to this gateway ended, as the front door saw it.</summary>
internal sealed record AcceptedEnd(LinkCause Cause, string Evidence)
{
    /// <summary>The router found that the connection takes nothing any more, before the front door did.</summary>
    public static AcceptedEnd Stuffed { get; } = new(LinkCause.HalfOpen, "the connection takes nothing of what is sent on it");

    /// <summary>The router does not know the connection, or not any more.</summary>
    public static AcceptedEnd Unknown { get; } = new(LinkCause.ClosedByPeer, "the connection is gone");

    public static AcceptedEnd Of(SpliceEnd end, string remote) => end switch
    {
        { Fault: ConnectionFault.Silent or ConnectionFault.SlowReader or ConnectionFault.Trickle } => new(LinkCause.HalfOpen, $"{remote} stopped in the middle ({end.Fault})"),
        { Fault: not ConnectionFault.None } => new(LinkCause.WrongService, $"{remote} does not speak ZMTP as a gateway does ({end.Fault})"),
        { IsInside: true } => new(LinkCause.WrongService, $"this gateway's own socket gave up {remote}"),
        { Error: null } => new(LinkCause.ClosedByPeer, $"{remote} closed the connection in an orderly way, without a goodbye"),
        { Error: { } error } => Lost(error, remote),
    };

    private static AcceptedEnd Lost(Exception error, string remote)
    {
        var (cause, evidence) = SocketCauses.OfLoss(error, remote);
        return new AcceptedEnd(cause, evidence);
    }
}
