using Gateway.Links.Protocol;

namespace Gateway.Links.Causes;

/// <summary>The advice for each cause.</summary>
internal static class LinkAdvice
{
    /// <param name="isPeerHere">The peer's own connection to this gateway stands.</param>
    public static string For(LinkCause cause, bool isPeerHere) => (cause, isPeerHere) switch
    {
        (LinkCause.Refused, true) =>
            "Correct the peer's address in Peers, or Links:Address and the port on its host: the peer runs, since its "
            + "own connection to this gateway stands, but nothing listens at this address.",
        (LinkCause.ConnectTimeout or LinkCause.Unreachable, true) => "Check the peer's address in Peers, and that no firewall drops "
            + "connections to it: the peer runs, and its own connection to this gateway stands.",
        _ => For(cause),
    };

    /// <summary>
    /// For a connection that ended suddenly before the hello was answered: one that was in use ends for other reasons.
    /// </summary>
    public static string ForUnanswered(LinkCause cause) => cause is LinkCause.ResetByPeer or LinkCause.ClosedByPeer
        ? "Check on the peer's host which program listens on the port, and its log: the connection was accepted and then ended before a "
            + "gateway had answered. A proxy or port forwarding does the same if it does not reach the gateway behind it."
        : For(cause);

    public static string For(LinkCause cause) => cause switch
    {
        LinkCause.None => "",
        LinkCause.PeerRestarted => "Nothing to do: what was waiting is being delivered. Look into the peer's log for why it was restarted.",
        LinkCause.Refused => "Start the gateway on the peer's host, or correct its address in Peers.",
        LinkCause.Unreachable => "Check the network between the hosts, and the address in Peers.",
        LinkCause.ConnectTimeout => "Check that the peer's host is up and that no firewall drops the connection.",
        LinkCause.PeerSilent => "Look on the peer's host whether the gateway hangs there (its process is stopped, or its disk does not "
            + "answer), and whether another program has the port; the network and its firewalls have let the connection pass.",
        LinkCause.HalfOpen => "Check whether the peer's process hangs or its host lost its network; the gateway keeps trying.",
        LinkCause.ResetByPeer => "If the peer was not restarted, look for a firewall or proxy between the hosts that cuts connections.",
        LinkCause.ClosedByPeer => "Look into the peer's log; the gateway keeps trying.",
        LinkCause.PortsExhausted => "Close programs that hold many connections, or widen the range of ephemeral ports.",
        LinkCause.NameNotResolved => "Correct the host name in Peers, or the name service.",
        LinkCause.WrongService => "Correct the address in Peers: another program answers there.",
        LinkCause.NotAuthorised => "The peer's configuration must name this gateway among its Peers, and this gateway's must "
            + "name the peer correctly; with TLS, each gateway needs a certificate for its own name.",
        LinkCause.VersionMismatch => "Bring both gateways to the same version.",
        LinkCause.PeerStuck => "Check the peer's disk and its log: it hears us and stores nothing.",
        LinkCause.PeerRefuses =>
            "Let consumers of the queue on the peer catch up, or give its store more room; the gateway retries by itself.",
        LinkCause.DuplicateName =>
            "Two gateways of this name are running: stop one, or give it a name of its own; they take the connection from each other.",
        LinkCause.LocalDisk => "Free space on the disk of this gateway's store, restore the permission named in the evidence, or repair "
            + "a disk that does not answer. New messages are accepted again automatically; stored ones are delivered for as long as the "
            + "disk can be read.",
        LinkCause.GoingAway => "Nothing to do if the peer was stopped on purpose; start it again to continue.",
        LinkCause.TlsFailed => "Correct the setting named in the evidence: the certificate ('gateway cert show FILE' prints "
            + "its contents), Links:Tls:CaPath, the peer's Fingerprint, or Links:Tls on the side that lacks it.",
        LinkCause.IdleCut =>
            "Set Links:HeartbeatInterval below the time after which quiet connections are cut, or let the firewall keep them longer.",
        LinkCause.AddressChanged =>
            "Nothing to do if the peer was moved; otherwise correct the name service, which now returns another host.",
        LinkCause.PausedByOperator => "Resume the peer once the reason for the pause is gone.",
        LinkCause.LocalQuota => "Let the peer's consumers catch up, purge or redirect unneeded messages, or raise Store:QueueMessagesMax, "
            + "Store:QueueBytesMax or Store:BytesMax.",
        LinkCause.LocalPolicy => "Let this host's firewall or security software allow the gateway to connect to the peer's port; "
            + "the network and the peer have no part in it.",
        LinkCause.AbortedHere => "Look on this host for what ends connections: its firewall or security software, a change of its "
            + "network or its addresses, an administrator's tool. Windows also says so when the peer acknowledges nothing any more.",
        LinkCause.PeerTwice =>
            "Two gateways of the peer's name are running: stop one, or give it a name of its own. Messages go to the one "
            + "at the address in Peers.",
        LinkCause.NoRoute => "Add the peer to Peers again, or redirect or purge its queues.",
        LinkCause.StoreForked => "Nothing is sent, since the peer would take new messages for ones it already has. If the newest "
            + "store still exists, put it back; otherwise stop this gateway, save the waiting messages with 'gateway store export', "
            + "and give the store a new identity with 'gateway store renew': the waiting messages are then sent as new ones, once.",
        LinkCause.StoreTwice => "Nothing is sent, since two gateways run on copies of one store. Stop the one that runs on the copy, "
            + "save its waiting messages with 'gateway store export', and give the copy its own identity with 'gateway store renew'.",
        LinkCause.PeerWentBack => "Nothing is sent until an operator acts: the peer has lost messages that it had acknowledged. If "
            + "its newest store still exists, put it back; otherwise note the numbers in the evidence, and the ids in the link's "
            + "history as far as they are known here, have the applications send these messages again, and accept the peer as it "
            + "stands with 'gateway peer accept PEER'.",
        LinkCause.OwnPause => "Find out why this gateway was suspended: its process was stopped, its host had no processor time or "
            + "memory for it, or it had too much to do at once. The network is not to blame.",
        LinkCause.SlowLine => "Nothing to do if the line is that slow: everything arrives, at its speed. Otherwise look for other "
            + "users of the line, and at the peer's disk.",
        LinkCause.LargePacketsLost => "Let ICMP 'fragmentation needed' pass between the hosts, or lower the MTU of their interfaces "
            + "below that of the tunnel or VPN between them; on Linux the setting net.ipv4.tcp_mtu_probing=1 helps at once.",
        _ => throw new InvariantException($"there is no advice for {cause}"),
    };
}
