using Gateway.Links.Fleet;

namespace Gateway.Management;

/// <summary>
/// What the loop knows of the fleet at one time. It is judged by the thread that asked for it, since that takes longer than the loop has.
/// Immutable.
/// </summary>
/// <param name="Peers">Without findings.</param>
internal sealed record FleetGlance(GatewayState State, IReadOnlyList<FleetGateway> Peers)
{
    /// <summary>This gateway and its peers, with what needs attention, the worst first.</summary>
    public FleetState Judge()
    {
        var findings = Findings.Of(State);
        var byPeer = findings.Where(finding => finding.Queue is null).ToLookup(finding => finding.About);
        var self = new FleetGateway
        {
            Name = State.Name,
            Answer = PeerAnswer.Summary,
            Summary = FleetSummaries.Of(State, FleetShare.Everything),
            SummaryAt = State.Now,
            Findings = FleetJudgement.Judge(findings.Where(finding => finding.Queue is not null || finding.About.Length == 0)),
        };
        return FleetJudgement.Of(State.Now, Peers.Select(
            peer => peer with { Findings = FleetJudgement.Judge(peer, byPeer[peer.Name], State.Now) }).Prepend(self));
    }
}
