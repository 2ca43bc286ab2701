using Gateway.Client.Wire;
using Gateway.Links.Causes;
using Gateway.Links.Protocol;

namespace Gateway.Links;

/// <summary>Whether this gateway itself has room for an application's messages to the peer. Pure; owned by its link.</summary>
internal sealed class RoomHere(LinkStanding standing)
{
    /// <summary>Why this gateway last rejected messages for the peer; empty if it accepts them.</summary>
    public string Refusal { get; private set; } = "";

    /// <summary>Whether the reason was a configured limit or the disk.</summary>
    public LinkCause RefusalCause { get; private set; }

    /// <summary>An application's message for the peer was rejected for lack of space here.</summary>
    /// <param name="cause"><see cref="LinkCause.LocalQuota"/> or <see cref="LinkCause.LocalDisk"/>.</param>
    public void OnRefused(string why, LinkCause cause = LinkCause.LocalQuota)
    {
        Refusal = WireText.Cut(why, LinkStanding.EvidenceBytesMax);
        RefusalCause = cause;
        SayRefusal();
    }

    /// <summary>Makes the refusal, if there is one, the cause of the link.</summary>
    public void SayRefusal()
    {
        if (Refusal.Length == 0) return;
        // If the link is down for another cause, that cause explains the lack of space.
        if (standing.Status is { State: LinkState.Up, Cause: not LinkCause.PeerRefuses } && standing.Status.Cause != RefusalCause)
            standing.Set(LinkState.Up, RefusalCause, Refusal);
    }

    /// <summary>A message for the peer was accepted.</summary>
    public void OnAccepted()
    {
        if (Refusal.Length == 0) return;
        Refusal = "";
        if (standing.Status is { State: LinkState.Up, Cause: LinkCause.LocalQuota or LinkCause.LocalDisk })
            standing.Set(LinkState.Up, LinkCause.None, "there is room again for the peer's messages");
    }
}
