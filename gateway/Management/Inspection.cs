using Gateway.Intake;
using Gateway.Links;
using Gateway.Links.Causes;
using Gateway.Links.Protocol;
using Gateway.Store;
using Gateway.Store.Commands;
using Gateway.Store.Messages;

namespace Gateway.Management;

/// <summary>
/// Answers the questions of applications about their gateway, in their terms and with the same judgement that operators see. Owned by the
/// loop.
/// </summary>
internal sealed class Inspection(IReadOnlyDictionary<string, OutgoingLink> links, ManagementCore management, IStoreInput store)
    : IInspection
{
    public void FindObstacle(Action<string> answer) =>
        management.ReadState(state => answer(string.Join("; ", Health.IntakeObstaclesOf(state).Select(reason => reason.Text))));

    public void Count(QueueId queue, Action<(long Messages, long Bytes)> answer) =>
        store.Submit(new FindQueueCommand(queue, found => answer((found.Queue?.Messages ?? 0, found.Queue?.Bytes ?? 0))));

    public PeerState? StateOf(string peer) => links.TryGetValue(peer, out var link) ? StateOf(link.Status) : null;

    public static PeerState StateOf(LinkStatus link) =>
        new(link.Peer, link.State.ToString().ToLowerInvariant(), link.Cause == LinkCause.None ? "" : link.Cause.ToString(), link.Evidence);
}
