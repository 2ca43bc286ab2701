using Gateway.Management;
using Gateway.Store.Messages;

namespace Gateway.Tests.Simulation;

/// <summary>Somebody who steers one gateway, with little sense, and at last lets everything go its way.</summary>
internal sealed class SimulatedOperator(SimulatedGateway gateway, SimulationProfile profile, Occurrences occurrences, Random random)
{
    private const string Who = "operator";
    private const string TargetPrefix = "moved-";

    private readonly List<Guid> _operations = [];

    /// <summary>A queue stays paused also when it is empty and the store has forgotten it.</summary>
    private readonly HashSet<QueueId> _paused = [];

    /// <summary>
    /// The queues to which operators redirect: one for each place that the messages were meant for, so that none comes twice to the same.
    /// </summary>
    public static IEnumerable<string> Targets(SimulationProfile profile) => profile.Gateways.SelectMany(
        name => SimulatedRoutes.SpreadQueues(profile).Prepend("copies").Prepend("bills").Prepend("orders")
            .Select(queue => MovedFrom(queue, name)));

    /// <summary>The queue for what is redirected from one that was meant for a gateway.</summary>
    public static string MovedFrom(string queue, string gateway) => $"{TargetPrefix}{queue}-{gateway}";

    public void Act()
    {
        if (!gateway.IsListening || gateway.IsFrozen) return;
        var peers = profile.Gateways.Where(name => name != gateway.Name).ToList();
        var peer = peers[random.Next(peers.Count)];
        switch (random.Next(14))
        {
            case 0:
                gateway.PausePeer(peer, Who, () => occurrences.Count("operator paused a peer"));
                break;
            case 1 or 2:
                gateway.ResumePeer(peer, Who);
                break;
            case 3 when Queue() is { } queue:
                _paused.Add(queue);
                gateway.Manage(management => management.PauseQueue(queue, "", Who, _ => occurrences.Count("operator paused a queue")));
                break;
            case 4 or 5 when Queue() is { } queue:
                gateway.Manage(management => management.ResumeQueue(queue, Who, _ => { }));
                break;
            case 6 when Queue() is { } queue:
                Begin(new OperationRequest
                { Kind = OperationKind.Purge, Queue = queue, Number = random.Next(2) == 0 ? queue.Number(gateway, random) : null });
                break;
            case 7 when Queue() is { } queue:
                Begin(new OperationRequest { Kind = OperationKind.DeadLetter, Queue = queue, Number = queue.Number(gateway, random) });
                break;
            case 8 when Queue() is { } queue && !queue.Name.StartsWith(TargetPrefix, StringComparison.Ordinal):
                Begin(new OperationRequest { Kind = OperationKind.Redirect, Queue = queue, Destination = TargetOf(queue) });
                break;
            case 9 or 10:
                Begin(new OperationRequest { Kind = random.Next(4) == 0 ? OperationKind.Purge : OperationKind.Return });
                break;
            case 11 when _operations.Count > 0:
                gateway.Manage(management => management.Cancel(_operations[random.Next(_operations.Count)], Who));
                break;
            case 12 or 13:
                gateway.Manage(management => management.ReadFleet(waits: random.Next(2) == 0, glance => Note(glance.Judge())));
                break;
        }
    }

    public void PurgeDeadLetters()
    {
        if (gateway.IsListening && !gateway.IsFrozen) Begin(new OperationRequest { Kind = OperationKind.Purge });
    }

    public void ResumeAll()
    {
        foreach (var peer in profile.Gateways.Where(name => name != gateway.Name)) gateway.ResumePeer(peer, Who);
        foreach (var queue in gateway.State.Queues.Select(queue => queue.Id).Union(_paused).ToList())
            gateway.Manage(management => management.ResumeQueue(queue, Who, _ => { }));
    }

    private void Note(FleetState fleet)
    {
        occurrences.Count("operator looked at the fleet");
        foreach (var peer in fleet.Gateways.Where(peer => !peer.IsSelf)) occurrences.Count($"fleet: {peer.Answer}");
    }

    private void Begin(OperationRequest request) => gateway.Manage(management => management.Start(request, Who, answer =>
    {
        if (answer.Status is not { } begun) return;
        _operations.Add(begun.Id);
        occurrences.Count($"operation: {request.Kind}");
    }));

    private QueueId? Queue()
    {
        var queues = gateway.State.Queues;
        return queues.Count == 0 ? null : queues.ElementAt(random.Next(queues.Count)).Id;
    }

    private string TargetOf(QueueId queue)
    {
        var meantFor = queue.Kind == QueueKind.Outgoing ? queue.Peer : gateway.Name;
        var moved = MovedFrom(queue.LocalName, meantFor);
        // The backlog of a key goes where the key does, or all of it to one gateway.
        if (profile.HasSpread && queue.LocalName == "parts" && random.Next(2) == 0) return moved;
        return $"{moved}@{profile.Gateways[random.Next(profile.Gateways.Count)]}";
    }
}

internal static class QueueNumbers
{
    /// <summary>Mostly the number of a message that is there.</summary>
    public static long Number(this QueueId queue, SimulatedGateway gateway, Random random)
    {
        var state = gateway.State.Find(queue)!;
        return random.NextInt64(state.FirstNumber, state.LastNumber + 2);
    }
}
