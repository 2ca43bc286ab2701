using Gateway.Links.Protocol;

namespace Gateway.Links;

/// <summary>The way from this gateway to a peer, gone for a probe.</summary>
internal interface IWayBack
{
    /// <summary>
    /// Dials the peer at the address of this gateway's configuration, beside its link, and reports the stage reached. A few at once; for
    /// more, the report is that none was tried. Called on the loop; never blocks.
    /// </summary>
    /// <param name="done">Called on the loop, once, unless the gateway ends before.</param>
    void Go(string peer, Action<ProbeFrame.DialedBack> done);
}
