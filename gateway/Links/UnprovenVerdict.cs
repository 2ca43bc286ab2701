using Gateway.Links.Causes;
using Gateway.Links.Protocol;
using Gateway.Store;
using Gateway.Store.Commands;

namespace Gateway.Links;

/// <summary>
/// A verdict on this gateway's own store or name, which is said once it is proven that this process still holds the store. To a process
/// from which the store was taken over, what peers know from its successor looks like another history. The successor had become the holder
/// before any peer could hear of it, so that a proof which is asked for afterwards fails, and the process ends. A store that belongs to one
/// process needs no proof. Owned by its link.
/// </summary>
internal sealed class UnprovenVerdict(IStoreInput store, LinkStanding standing)
{
    private Verdict? _waiting;
    private bool _isAsked;

    /// <summary>The connection, or the attempt to make one, has ended for this cause; gives the one that may be said now.</summary>
    public LinkCause Weigh(LinkCause cause, string evidence)
    {
        _waiting = null;
        if (!store.CanBeTakenOver || !LinkCauses.CanComeOfTakeover(cause)) return cause;
        var verdict = _waiting = new Verdict(cause, evidence);
        if (!_isAsked) Ask(verdict);
        return LinkCause.HoldInDoubt;
    }

    private void Ask(Verdict verdict)
    {
        _isAsked = true;
        store.Submit(new ProveHoldCommand(() =>
        {
            _isAsked = false;
            if (_waiting == verdict) Say(verdict);
            // The proof was perhaps made before the peer had shown this.
            else if (_waiting is not null) Ask(_waiting);
        }));
    }

    private void Say(Verdict verdict)
    {
        _waiting = null;
        if (standing.LastEnd is { Cause: LinkCause.HoldInDoubt } end) standing.LastEnd = end with { Cause = verdict.Cause };
        // An attempt that was made meanwhile comes to a verdict of its own.
        if (standing.Status.State == LinkState.Down) standing.Set(LinkState.Down, verdict.Cause, verdict.Evidence);
    }

    private sealed class Verdict(LinkCause cause, string evidence)
    {
        public LinkCause Cause => cause;

        public string Evidence => evidence;
    }
}
