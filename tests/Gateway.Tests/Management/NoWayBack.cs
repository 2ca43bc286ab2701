using Gateway.Links;
using Gateway.Links.Protocol;

namespace Gateway.Tests.Management;

/// <summary>A gateway that dials nobody for a probe.</summary>
internal sealed class NoWayBack : IWayBack
{
    public void Go(string peer, Action<ProbeFrame.DialedBack> done) =>
        done(new ProbeFrame.DialedBack(ProbeStage.None, LinkCause.None, "a test dials nobody"));
}
