using Gateway.Links.Causes;
using Gateway.Links.Protocol;

namespace Gateway.Tcp.Outlets;

/// <summary>The advice for each cause that an outlet can have.</summary>
internal static class OutletAdvice
{
    private const string AgainAndAgain = " If it ends its connections after each message by design, set the outlet's ReplayWindow to 0: "
        + "until then it gets each message several times.";

    public static string For(LinkCause cause, OutletSettings settings) => cause switch
    {
        LinkCause.ResetByPeer or LinkCause.ClosedByPeer when settings.ReplayWindow > TimeSpan.Zero => Of(cause) + AgainAndAgain,
        _ => Of(cause),
    };

    private static string Of(LinkCause cause) => cause switch
    {
        LinkCause.PeerRestarted => "Nothing to do: the messages go to the new process. Its log, or the system's, may say why it was "
            + "restarted.",
        LinkCause.Refused => "Start the program on the target's host, or correct the outlet's Target.",
        LinkCause.Unreachable => "Check the network to the target's host, and the outlet's Target.",
        LinkCause.ConnectTimeout =>
            "Check that the target's host is up, that no firewall drops the connection, and that the program accepts connections.",
        LinkCause.HalfOpen => "Check whether the target's host is up and on the network. The outlet keeps trying.",
        LinkCause.ResetByPeer => "If the program was not restarted, read its log: it, or a firewall between, resets the connection.",
        LinkCause.ClosedByPeer => "Read the program's log for the reason. The outlet connects again by itself.",
        LinkCause.NameNotResolved => "Correct the host name in the outlet's Target, or its entry in the name service.",
        LinkCause.WrongService => "Correct the outlet's Target or its Framing: what the program sends does not fit it.",
        LinkCause.PeerStuck => "Check why the program does not read or answer: it may hang, or work on what it has. Nothing is lost "
            + "meanwhile.",
        LinkCause.PeerRefuses => "Read the reply in the evidence: the program refuses the message. The outlet tries again by itself, and "
            + "after AttemptsMax refusals makes it a dead letter.",
        LinkCause.LocalPolicy => "Allow the gateway to connect in this host's firewall or security software. If the system does not tell "
            + "what the target has acknowledged, set the outlet's Delivery to Reply or Written.",
        LinkCause.LocalDisk or LinkCause.LocalQuota => "Make room in this gateway's store: what the program sends back waits for it.",
        _ => LinkAdvice.For(cause),
    };
}
