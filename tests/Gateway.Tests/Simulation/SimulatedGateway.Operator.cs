using Gateway.Management;

namespace Gateway.Tests.Simulation;

/// <summary>The acts of an operator on a gateway.</summary>
internal sealed partial class SimulatedGateway
{
    private readonly PausedPeers _paused = new();

    /// <summary>An operator does something.</summary>
    public void Manage(Action<ManagementCore> act) => Event(() => act(_core!.Management));

    public void PausePeer(string peer, string who, Action done)
    {
        _paused.OnPaused(peer);
        Manage(management => management.PausePeer(peer, "", who, _ => done()));
    }

    public void ResumePeer(string peer, string who)
    {
        var pause = _paused.OnResuming(peer);
        Manage(management => management.ResumePeer(peer, who, _ => _paused.OnResumed(peer, pause)));
    }

    /// <summary>An operator has paused the peer, and it is not certain that he has resumed it.</summary>
    public bool WasPaused(string peer) => _paused.MayHave(peer);

    /// <summary>The last word of an operator in this run was to pause the peer.</summary>
    public bool IsPaused(string peer) => _paused.Has(peer);
}
