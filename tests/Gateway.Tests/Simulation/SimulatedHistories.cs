using Gateway.Links.Causes;
using Gateway.Links.Protocol;

namespace Gateway.Tests.Simulation;

/// <summary>
/// Somebody who copies stores and puts copies back, one alone or several at once, and starts a second gateway on one; and an operator who
/// follows the advice that the links give then.
/// </summary>
/// <param name="gateways">The gateways of the world.</param>
/// <param name="copy">One more, which does not run yet.</param>
/// <param name="join">Makes it one of the world.</param>
/// <param name="disconnect">Breaks the connections of a gateway's applications.</param>
/// <param name="hasSetBacks">Machines are put back, too.</param>
internal sealed class SimulatedHistories(
    IReadOnlyList<SimulatedGateway> gateways,
    SimulatedGateway copy,
    Action<SimulatedGateway> join,
    Action<SimulatedGateway> disconnect,
    bool hasSetBacks,
    Occurrences occurrences,
    Random random)
{
    private const string Who = "operator";

    /// <summary>An operator looks in one round of so many, so that causes have to stay.</summary>
    private const int LooksOneIn = 20;

    private readonly Dictionary<SimulatedGateway, StoreCopy> _copies = [];
    private readonly Dictionary<SimulatedGateway, MachineSnapshot> _snapshots = [];
    private bool _isCopied;

    /// <summary>Every link between gateways that run is up: no advice waits to be followed.</summary>
    public bool IsSettled => Running.All(gateway => gateway.IsRunning && !gateway.HasOthersName
        && gateway.Links.Where(link => _isCopied || link.Peer != copy.Label).All(link => link.State == LinkState.Up));

    private IEnumerable<SimulatedGateway> Running => _isCopied ? gateways.Append(copy) : gateways;

    public void Fault()
    {
        switch (random.Next(hasSetBacks ? 14 : 8))
        {
            case >= 8:
                SnapshotOrSetBack(Any());
                break;
            case 0 or 1 or 2:
                Copy(Any());
                break;
            case 3 or 4:
                PutBack(Any(), "store put back");
                break;
            case 5:
                // An operator who restores one host may restore another as well.
                foreach (var gateway in gateways) PutBack(gateway, "several stores put back");
                break;
            case 6:
                Clone();
                break;
            default:
                Act();
                break;
        }
    }

    public void FollowAdvice()
    {
        if (random.Next(LooksOneIn) == 0) Act();
    }

    private SimulatedGateway Any() => gateways[random.Next(gateways.Count)];

    /// <summary>In a time when its gateway does not run, or as a snapshot of its disk while it does.</summary>
    private void Copy(SimulatedGateway gateway)
    {
        if (gateway.IsListening && random.Next(2) == 0) gateway.Stop();
        if (gateway.TakeCopy() is not { } taken) return;
        _copies[gateway] = taken;
        occurrences.Count(gateway.IsRunning ? "fault: store copied while in use" : "fault: store copied");
    }

    private void PutBack(SimulatedGateway gateway, string name)
    {
        if (!_copies.TryGetValue(gateway, out var taken)) return;
        gateway.PutBack(taken);
        occurrences.Count($"fault: {name}");
    }

    private void SnapshotOrSetBack(SimulatedGateway gateway)
    {
        if (!gateway.IsListening || gateway.IsStopping) return;
        if (_snapshots.Remove(gateway, out var snapshot))
        {
            SetBack(gateway, snapshot);
            occurrences.Count("fault: machine put back within a run");
        }
        else if (gateway.TakeSnapshot() is { } taken)
        {
            _snapshots[gateway] = taken;
        }
    }

    /// <summary>The machine of a gateway goes on from a snapshot; the connections of its applications are gone.</summary>
    public void SetBack(SimulatedGateway gateway, MachineSnapshot snapshot)
    {
        disconnect(gateway);
        gateway.SetBack(snapshot);
    }

    private void Clone()
    {
        var original = gateways[0];
        if (_isCopied || !_copies.TryGetValue(original, out var taken)) return;
        var hasOthersName = random.Next(3) == 0;
        Clone(original, taken, hasOthersName);
        occurrences.Count(hasOthersName ? "fault: store used twice under one name" : "fault: store used twice");
    }

    /// <summary>One gateway more begins on a copy of another one's store.</summary>
    public void Clone(SimulatedGateway original, StoreCopy taken, bool hasOthersName)
    {
        copy.BeginWith(taken, original, hasOthersName);
        _isCopied = true;
        join(copy);
    }

    /// <summary>The operator looks at every gateway, and does what its links advise.</summary>
    private void Act()
    {
        foreach (var gateway in Running.Where(gateway => gateway.IsListening && !gateway.IsFrozen).ToList())
        {
            foreach (var link in gateway.Links.ToList())
            {
                if (!FollowAdvice(gateway, link)) continue;
                occurrences.Count($"advice followed: {link.Cause}");
                break;
            }
        }
    }

    /// <summary>True when it did.</summary>
    private bool FollowAdvice(SimulatedGateway gateway, LinkStatus link)
    {
        switch (link.Cause)
        {
            case LinkCause.StoreForked or LinkCause.StoreTwice when link.State != LinkState.Up:
                return gateway.Renew();
            case LinkCause.DuplicateName when copy.HasOthersName:
                return copy.Renew();
            case LinkCause.PeerWentBack when link.State != LinkState.Up:
                gateway.Manage(management => management.AcceptPeer(link.Peer, Who, _ => { }));
                return true;
            default:
                return false;
        }
    }
}
