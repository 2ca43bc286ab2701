using Gateway.Management;
using Gateway.Store.Browsing;
using Gateway.Store.Messages;

namespace Gateway.Dashboard.Access;

/// <summary>
/// The pages' only access to <see cref="IManagement"/>: each call first checks the caller's rights, regardless of the page shown. Every
/// method throws <see cref="NotAllowedException"/>.
/// </summary>
internal sealed class GuardedManagement(IManagement management, Operator caller)
{
    public async Task<GatewayState> ReadStateAsync(CancellationToken cancellationToken)
    {
        await caller.RequireAsync(DashboardRights.Read);
        return await management.ReadStateAsync(cancellationToken);
    }

    /// <summary>Answers at once, with what peers have told so far.</summary>
    public async Task<FleetState> ReadFleetAsync(CancellationToken cancellationToken)
    {
        await caller.RequireAsync(DashboardRights.Read);
        return await management.ReadFleetAsync(waits: false, cancellationToken);
    }

    public async Task<LinkDetails?> ReadLinkAsync(string peer, CancellationToken cancellationToken)
    {
        await caller.RequireAsync(DashboardRights.Read);
        return await management.ReadLinkAsync(peer, cancellationToken);
    }

    public async Task<QueuePage> ListQueuesAsync(QueueFilter filter, long after, int queuesMax, CancellationToken cancellationToken)
    {
        await caller.RequireAsync(DashboardRights.Read);
        return await management.ListQueuesAsync(filter, after, queuesMax, cancellationToken);
    }

    public async Task<IReadOnlyList<RouteSummary>> ReadRoutesAsync(CancellationToken cancellationToken)
    {
        await caller.RequireAsync(DashboardRights.Read);
        return await management.ReadRoutesAsync(cancellationToken);
    }

    public async Task<QueueSummary?> ReadQueueAsync(QueueId queue, CancellationToken cancellationToken)
    {
        await caller.RequireAsync(DashboardRights.Read);
        return await management.ReadQueueAsync(queue, cancellationToken);
    }

    public async Task<BrowsePage> BrowseAsync(
        QueueId? queue, long after, BrowseFilter filter, int entriesMax, CancellationToken cancellationToken)
    {
        await caller.RequireAsync(DashboardRights.Read);
        return await management.BrowseAsync(queue, after, filter, state: null, entriesMax, cancellationToken);
    }

    public async Task<MessageTrace?> TraceAsync(QueueId? queue, long number, CancellationToken cancellationToken)
    {
        await caller.RequireAsync(DashboardRights.Read);
        return await management.TraceAsync(queue, number, cancellationToken);
    }

    public async Task<FoundMessage?> ReadMessageAsync(QueueId? queue, long number, CancellationToken cancellationToken)
    {
        await caller.RequireAsync(DashboardRights.Read);
        return await management.ReadMessageAsync(queue, number, cancellationToken);
    }

    public async Task<IReadOnlyList<DeadLetterGroup>> ReadDeadLetterGroupsAsync(CancellationToken cancellationToken)
    {
        await caller.RequireAsync(DashboardRights.Read);
        return await management.ReadDeadLetterGroupsAsync(cancellationToken);
    }

    public async Task<IReadOnlyList<AuditEntry>> ReadAuditAsync(CancellationToken cancellationToken)
    {
        await caller.RequireAsync(DashboardRights.Read);
        return await management.ReadAuditAsync(cancellationToken);
    }

    public async Task<IReadOnlyList<OperationStatus>> ReadOperationsAsync(CancellationToken cancellationToken)
    {
        await caller.RequireAsync(DashboardRights.Read);
        return await management.ReadOperationsAsync(cancellationToken);
    }

    public async Task<OperationStatus?> WaitAsync(Guid id, CancellationToken cancellationToken)
    {
        await caller.RequireAsync(DashboardRights.Read);
        return await management.WaitAsync(id, cancellationToken);
    }

    public async Task<IAsyncEnumerable<GatewayEvent>> WatchAsync(CancellationToken cancellationToken)
    {
        await caller.RequireAsync(DashboardRights.Read);
        return management.WatchAsync(after: null, cancellationToken);
    }

    public async Task<bool> PausePeerAsync(string peer, string why, CancellationToken cancellationToken) =>
        await management.PausePeerAsync(peer, why, await caller.RequireAsync(DashboardRights.Operate), cancellationToken);

    public async Task<bool> ResumePeerAsync(string peer, CancellationToken cancellationToken) =>
        await management.ResumePeerAsync(peer, await caller.RequireAsync(DashboardRights.Operate), cancellationToken);

    public async Task<bool> PauseQueueAsync(QueueId queue, string why, CancellationToken cancellationToken) =>
        await management.PauseQueueAsync(queue, why, await caller.RequireAsync(DashboardRights.Operate), cancellationToken);

    public async Task<bool> ResumeQueueAsync(QueueId queue, CancellationToken cancellationToken) =>
        await management.ResumeQueueAsync(queue, await caller.RequireAsync(DashboardRights.Operate), cancellationToken);

    public async Task<bool> PauseInletAsync(string inlet, string why, CancellationToken cancellationToken) =>
        await management.PauseInletAsync(inlet, why, await caller.RequireAsync(DashboardRights.Operate), cancellationToken);

    public async Task<bool> ResumeInletAsync(string inlet, CancellationToken cancellationToken) =>
        await management.ResumeInletAsync(inlet, await caller.RequireAsync(DashboardRights.Operate), cancellationToken);

    public async Task<bool> RetryPeerAsync(string peer, CancellationToken cancellationToken) =>
        await management.RetryPeerAsync(peer, await caller.RequireAsync(DashboardRights.Operate), cancellationToken);

    public async Task<PeerAcceptance> AcceptPeerAsync(string peer, CancellationToken cancellationToken) =>
        await management.AcceptPeerAsync(peer, await caller.RequireAsync(DashboardRights.Operate), cancellationToken);

    public async Task<(OperationStatus? Status, string Fault)> StartAsync(OperationRequest request, CancellationToken cancellationToken) =>
        await management.StartAsync(request, await caller.RequireAsync(DashboardRights.Operate), cancellationToken);

    public async Task<bool> CancelAsync(Guid id, CancellationToken cancellationToken) =>
        await management.CancelAsync(id, await caller.RequireAsync(DashboardRights.Operate), cancellationToken);
}
