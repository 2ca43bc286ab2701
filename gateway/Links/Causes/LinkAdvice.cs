using Gateway.Links.Protocol;

namespace Gateway.Links.Causes;

/// <summary>The advice for each cause.</summary>
internal static class LinkAdvice
{
    /// <param name="isPeerHere">The peer's own connection to this gateway stands.</param>
    public static string For(LinkCause cause, bool isPeerHere) => (cause, isPeerHere) switch
    {
        (LinkCause.Refused, true) =>
            "Correct the peer's address in Peers, or Links:Address on the peer: the peer is running, since its own connection to this "
            + "gateway is open, but nothing listens at this address.",
        (LinkCause.ConnectTimeout or LinkCause.Unreachable, true) => "Check the peer's address in Peers, and that no "
            + "firewall drops connections to it: the peer is running, and its own connection to this gateway is open.",
        _ => For(cause),
    };

    /// <summary>
    /// For a connection that ended suddenly before the hello was answered: one that was in use ends for other reasons.
    /// </summary>
    public static string ForUnanswered(LinkCause cause) => cause is LinkCause.ResetByPeer or LinkCause.ClosedByPeer
        ? "Check which program listens on the port of the peer's host, and read its log: the connection was accepted, and ended before a "
            + "gateway answered. A proxy or port forwarding that cannot reach the gateway behind it does the same."
        : For(cause);

    public static string For(LinkCause cause) => cause switch
    {
        LinkCause.None => "",
        LinkCause.PeerRestarted => "Nothing to do: the waiting messages are being delivered. The peer's log may say why it was restarted.",
        LinkCause.PeerTookOver => "Nothing to do: the waiting messages are being delivered. Find out why the process that held the peer's "
            + "store before is gone, and start it again as a standby.",
        LinkCause.PeerStandby => "Nothing to do if the peer is just being taken over, which takes ten seconds at most. Otherwise give all "
            + "addresses of the peer (Addresses), and look there why no process holds its store.",
        LinkCause.Refused => "Start the gateway on the peer's host, or correct its address in Peers.",
        LinkCause.Unreachable => "Check the network between the hosts, and the address in Peers.",
        LinkCause.ConnectTimeout => "Check that the peer's host is up and that no firewall drops the connection.",
        LinkCause.PeerSilent => "Check on the peer's host whether the gateway hangs (a stopped process, or a disk that does not respond) "
            + "or another program has taken the port. The network and its firewalls let the connection through.",
        LinkCause.HalfOpen => "Check whether the peer's process hangs or its host has lost the network. This gateway keeps trying.",
        LinkCause.ResetByPeer => "If the peer was not restarted, look for a firewall or proxy between the hosts that resets connections.",
        LinkCause.ClosedByPeer => "Read the peer's log for the reason. This gateway keeps trying.",
        LinkCause.PortsExhausted => "Close programs that hold many connections, or widen this host's range of ephemeral ports.",
        LinkCause.NameNotResolved => "Correct the host name in Peers, or its entry in the name service.",
        LinkCause.WrongService => "Correct the address in Peers: another program answers there.",
        LinkCause.NotAuthorised => "Add this gateway to the Peers of the peer, and check the peer's name in the Peers of this gateway. "
            + "With TLS, each gateway needs a certificate for its own name.",
        LinkCause.VersionMismatch => "Run the same version of the gateway on both hosts.",
        LinkCause.PeerStuck => "Check the peer's disk, and read its log: it answers, but stores nothing.",
        LinkCause.PeerRefuses =>
            "Let the queue's consumers on the peer catch up, or raise the limit named in the evidence. This gateway retries by itself.",
        LinkCause.DuplicateName =>
            "Two gateways with this gateway's name are running, and take the connection from each other. Stop one, or rename it.",
        LinkCause.LocalDisk => "Free space on the disk of this gateway's store, restore the permission named in the evidence, or repair "
            + "the disk if it does not respond. This gateway then accepts messages again by itself; stored messages are delivered as long "
            + "as the disk can be read.",
        LinkCause.GoingAway => "Start the peer again to continue. Nothing is wrong if it was stopped on purpose.",
        LinkCause.TlsFailed => "Correct the setting that the evidence names: the certificate ('gateway cert show FILE' prints its "
            + "contents), Links:Tls:CaPath, the peer's Fingerprint, or Links:Tls on the side that lacks it.",
        LinkCause.IdleCut =>
            "Set Links:HeartbeatInterval below the time after which idle connections are cut, or raise the idle timeout of the firewall.",
        LinkCause.AddressChanged =>
            "Nothing to do if the peer was moved. Otherwise correct the name service, which now returns another host.",
        LinkCause.PausedByOperator => "Resume the peer when the reason for the pause is gone.",
        LinkCause.LocalQuota => "Let the peer's consumers catch up, purge or redirect messages, or raise Store:QueueMessagesMax, "
            + "Store:QueueBytesMax or Store:BytesMax.",
        LinkCause.LocalPolicy => "Allow the gateway to connect to the peer's port in this host's firewall or security software. The "
            + "network and the peer are not involved.",
        LinkCause.AbortedHere => "Check on this host what ends connections, those over loopback included: its firewall or security "
            + "software, a change of its network or addresses, or an administrator's tool. Windows also reports this when the peer no "
            + "longer acknowledges anything.",
        LinkCause.PeerTwice =>
            "Two gateways with the peer's name are running. Stop one, or rename it. Messages go to the one at the address in Peers.",
        LinkCause.NoRoute => "Add the peer to Peers again, or redirect or purge its queues.",
        LinkCause.StoreForked => "Nothing is sent, since the peer would mistake new messages for ones it already has. If the newest "
            + "store still exists, restore it. Otherwise stop this gateway, save the waiting messages with 'gateway store export', "
            + "and give the store a new identity with 'gateway store renew': the waiting messages are then sent as new ones, once.",
        LinkCause.StoreTwice => "Nothing is sent, since two gateways run on copies of one store. Stop the gateway that runs on the copy, "
            + "save its waiting messages with 'gateway store export', and give the copy its own identity with 'gateway store renew'.",
        LinkCause.PeerWentBack => "Nothing is sent until an operator acts: the peer has lost messages that it had acknowledged. If "
            + "its newest store still exists, restore it there. Otherwise note the numbers in the evidence, and the ids in the link's "
            + "history as far as they are known here, have the applications send these messages again, and accept the peer as it "
            + "stands with 'gateway peer accept PEER'.",
        LinkCause.HoldInDoubt => "Nothing to do: this process asks the database whether it still holds its store. If another one has taken "
            + "it over, this one ends; started again, it is the standby. If not, the cause will be StoreForked, StoreTwice or "
            + "DuplicateName.",
        LinkCause.OwnPause => "Find out why this gateway was suspended: its process was stopped, its host had no processor time or "
            + "memory for it, or it had too much to do at once. The network is not the cause.",
        LinkCause.SlowLine => "Nothing to do if the line is known to be slow: all messages arrive, at its speed. Otherwise check for other "
            + "traffic on the line, and the peer's disk.",
        LinkCause.LargePacketsLost => "Let ICMP 'fragmentation needed' pass between the hosts, or lower the MTU of their interfaces "
            + "below that of the tunnel or VPN between them; on Linux the setting net.ipv4.tcp_mtu_probing=1 helps at once.",
        LinkCause.PieceMissing => "Look for the piece in the audit trail and among the dead letters of both gateways, which say why it "
            + "is missing. The rest of the stream was not delivered, and its programs have to begin anew.",
        _ => throw new InvariantException($"there is no advice for {cause}"),
    };
}
