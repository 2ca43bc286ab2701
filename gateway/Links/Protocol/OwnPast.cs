using Gateway.Store.Messages;
using Gateway.Store.State;

namespace Gateway.Links.Protocol;

/// <summary>
/// Determines whether a peer's knowledge of this store comes from this store's own history.
/// <para>A peer keeps the run that last sent it messages and, with each batch, the highest group of blocks of which that run had sent
/// something. No message it has of this store got its number in a later group, since each run proves this before it sends, and raises the
/// group with each batch. Numbers that a batch leaves out belong to the group in which their messages left the store unsent: a history that
/// still has them is another one.</para>
/// <para>Two histories are the same up to the group in which they part, and in each the first run after that began there or later. So a run
/// of the list, with a group before the one at which the next run began, has sent only messages of this history; with a later group it has
/// continued elsewhere, whatever numbers were assigned since. Sent messages are durable, so a run that was only killed is never taken for
/// another.</para>
/// <para>One instance serves all links, since a peer may have received messages under another name. Owned by the loop.</para>
/// </summary>
internal sealed class OwnPast
{
    /// <summary>The runs on this store, this one included, as reported by the store.</summary>
    public RunList Runs { get; set; } = RunList.Empty;

    /// <summary>The highest group of which this run has given something to a connection.</summary>
    public long SentGroup { get; private set; }

    /// <summary>Messages of the group are about to be sent; returns the group that the peer is to keep.</summary>
    public long Send(long group) => SentGroup = Math.Max(SentGroup, group);

    /// <summary>The run was never one of this store, or has sent messages that are not in this history.</summary>
    public bool IsForeign(KnownRun known)
    {
        // A restored virtual machine continues in the same run. A group from before this run is one reported by a former run.
        if (Runs.Runs is [.., var own] && known.Run == own.Number && known.Group >= own.FirstGroup && known.Group > SentGroup) return true;
        return Runs.JudgeSender(known.Run, known.Incarnation, known.Group) == PastVerdict.Foreign;
    }
}
