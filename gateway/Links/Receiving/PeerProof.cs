using Gateway.Links.Protocol;

namespace Gateway.Links.Receiving;

/// <summary>Who may speak on an accepted connection: the same for a hello and for a probe. Pure.</summary>
internal static class PeerProof
{
    /// <summary>Null if the caller may speak in the name it gives; else the refusal.</summary>
    /// <param name="authorised">The names the caller may speak for; null without TLS, where it is believed.</param>
    /// <param name="isPeer">The name is among the peers.</param>
    /// <param name="to">The gateway that the caller means.</param>
    /// <param name="self">The name of this gateway.</param>
    public static (RefusalCode Code, string Text)? FindFault(AuthorisedNames? authorised, string from, bool isPeer, string to, string self)
    {
        // First: an unauthorised sender must not learn whether a name is among the peers.
        if (authorised is not null && !authorised.Has(from)) return (RefusalCode.NotAuthorised, $"the {authorised}, not for {from}");
        if (!isPeer) return (RefusalCode.UnknownPeer, $"{from} is not among the peers of {self}");
        return to == self ? null : (RefusalCode.WrongName, $"this is {self}, not {to}");
    }
}
