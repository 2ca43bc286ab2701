using Gateway.Store;

namespace Gateway.Links;

/// <summary>
/// Whether what a peer has had of this store comes from this store's own history. A peer keeps of whom it last took messages: the run, and
/// with each batch the highest group of blocks of which that run had sent something. Nothing that it has of this store got its number in a
/// later group, since each run proves this before it sends, and raises the group with what it sends. Numbers that a batch leaves out are of
/// the group in which their messages left the store unsent: a history that still has them is another one.
/// Two histories are the same up to the group in which they part, and the first run after that in each began there or later. So a run of
/// the list, with a group before the one at which the next run began, has sent only what is in this history too; with a later group it has
/// gone on elsewhere, whatever numbers were given since. What was sent is durable, so a run that was only killed is never taken for
/// another. One for all links, since a peer may have had something under another name. Owned by the loop.
/// </summary>
internal sealed class OwnPast
{
    /// <summary>The runs on this store, with this one, as the store told them.</summary>
    public RunList Runs { get; set; } = RunList.Empty;

    /// <summary>The highest group of which this run has given something to a connection.</summary>
    public long SentGroup { get; private set; }

    /// <summary>Messages of the group are about to be sent; gives what the peer is to keep.</summary>
    public long Send(long group) => SentGroup = Math.Max(SentGroup, group);

    /// <summary>The run never was one of this store here, or has sent what is not in this history.</summary>
    public bool IsForeign(KnownRun known)
    {
        // A virtual machine that was put back goes on in the same run. A group from before this run is one that a former run has told.
        if (Runs.Runs is [.., var own] && known.Run == own.Number && known.Group >= own.FirstGroup && known.Group > SentGroup) return true;
        return Runs.JudgeSender(known.Run, known.Incarnation, known.Group) == PastVerdict.Foreign;
    }
}
