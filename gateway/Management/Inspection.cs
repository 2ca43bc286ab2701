using Gateway.Intake;
using Gateway.Links;
using Gateway.Links.Causes;
using Gateway.Links.Protocol;
using Gateway.Store;
using Gateway.Store.Browsing;
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

    public void Count(QueueId queue, Action<QueueDepth> answer) => store.Submit(new FindQueueCommand(queue, found =>
    {
        if (found.Queue is not { Messages: > 0 } queue) answer(default);
        else LookAtHead(queue, oldest => answer(new QueueDepth(queue.Messages, queue.Bytes, oldest)));
    }));

    public PeerState? StateOf(string peer) => links.TryGetValue(peer, out var link) ? StateOf(link.Status) : null;

    public static PeerState StateOf(LinkStatus link) =>
        new(link.Peer, link.State.ToString().ToLowerInvariant(), link.Cause == LinkCause.None ? "" : link.Cause.ToString(), link.Evidence);

    private void LookAtHead(QueueDescription queue, Action<long> answer) =>
        store.Submit(new BrowseCommand(queue.Id, queue.FirstNumber - 1, BrowseFilter.All, 1, page =>
            answer(page.Entries.Count > 0 ? page.Entries[0].EnqueuedUnixMs : 0))
        {
            IsGlance = true,
        });
}
