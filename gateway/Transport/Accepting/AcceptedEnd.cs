using Gateway.Links.Protocol;

namespace Gateway.Transport.Accepting;

/// <summary>The end of an accepted connection, as seen by the front door.</summary>
internal sealed record AcceptedEnd(LinkCause Cause, string Evidence)
{
    /// <summary>More bytes waited to be sent than allowed.</summary>
    public static AcceptedEnd Stuffed { get; } = new(LinkCause.HalfOpen, "the other side reads none of the bytes sent to it");

    public static AcceptedEnd Of(ConnectionEnd end, string remote) => end switch
    {
        { Fault: ConnectionFault.Silent or ConnectionFault.SlowReader or ConnectionFault.Trickle } =>
            new(LinkCause.HalfOpen, $"{remote} stopped in the middle ({end.Fault})"),
        { Fault: not ConnectionFault.None } => new(LinkCause.WrongService, $"{remote} does not speak ZMTP as a gateway does ({end.Fault})"),
        { IsOurs: true } => new(LinkCause.None, "this gateway stops"),
        { Error: null } => new(LinkCause.ClosedByPeer, $"{remote} closed the connection in an orderly way, without a goodbye"),
        { Error: { } error } => Lost(error, remote),
    };

    private static AcceptedEnd Lost(Exception error, string remote)
    {
        var (cause, evidence) = SocketCauses.OfLoss(error, remote);
        return new AcceptedEnd(cause, evidence);
    }
}
