using Gateway.Links.Protocol;

namespace Gateway.Links.Causes;

/// <summary>Groups of causes.</summary>
internal static class LinkCauses
{
    /// <summary>Another host at the address can explain it.</summary>
    public static bool CanBeOfPlace(LinkCause cause) => cause is
        LinkCause.Refused or LinkCause.Unreachable
            or LinkCause.ConnectTimeout or LinkCause.PeerSilent or LinkCause.ResetByPeer or LinkCause.ClosedByPeer
            or LinkCause.WrongService or LinkCause.TlsFailed;

    /// <summary>It persists until an operator acts, whatever else happens to the link.</summary>
    public static bool IsOfHistory(LinkCause cause) => cause is LinkCause.StoreForked or LinkCause.StoreTwice or LinkCause.PeerWentBack;

    /// <summary>It also seems so to a process from which another one has taken over the store.</summary>
    public static bool CanComeOfTakeover(LinkCause cause) =>
        cause is LinkCause.StoreForked or LinkCause.StoreTwice or LinkCause.DuplicateName;

    /// <summary>It has kept a link from being up, and is over once that is up; others last meanwhile.</summary>
    public static bool IsOverWhenUp(LinkCause cause) => !IsOfHistory(cause) && cause is not (LinkCause.PeerStuck or LinkCause.PeerRefuses
        or LinkCause.PeerTwice or LinkCause.DuplicateName or LinkCause.LocalDisk or LinkCause.LocalQuota or LinkCause.NoRoute
        or LinkCause.SlowLine);

    /// <summary>The cause that a peer's refusal stands for.</summary>
    public static LinkCause Of(RefusalCode code) => code switch
    {
        RefusalCode.Version => LinkCause.VersionMismatch,
        RefusalCode.UnknownPeer or RefusalCode.WrongName or RefusalCode.NotAuthorised => LinkCause.NotAuthorised,
        RefusalCode.Displaced => LinkCause.DuplicateName,
        RefusalCode.Silent => LinkCause.HalfOpen,
        RefusalCode.Forked => LinkCause.StoreForked,
        RefusalCode.StoreTwice => LinkCause.StoreTwice,
        RefusalCode.Standby => LinkCause.PeerStandby,
        _ => LinkCause.WrongService,
    };

    /// <summary>The end of a connection for the side that refused it.</summary>
    public static LinkCause OfRefusing(RefusalCode code) => code switch
    {
        // It was open until the other one came.
        RefusalCode.Displaced => LinkCause.None,
        _ => Of(code),
    };
}
