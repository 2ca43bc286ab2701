using Gateway.Store.Messages;

namespace Gateway.Tests.Simulation;

/// <summary>The promises, checked when everything has come to rest.</summary>
internal static class Checker
{
    public static void Check(IReadOnlyList<SimulatedGateway> gateways, Ledger ledger)
    {
        var dead = new Dictionary<Ledger.Entry, List<DeadLetter>>();
        foreach (var gateway in gateways)
        {
            CheckCounters(gateway);
            foreach (var letter in gateway.State.DeadLetters.Where(letter => !gateway.IsOriginals(letter.Queue)))
            {
                var entry = ledger.EntryAt(gateway.Label, letter.Queue, letter.MessageNumber);
                if (!dead.TryGetValue(entry, out var letters)) dead[entry] = letters = [];
                letters.Add(letter);
                if (letter.Queue.Kind == QueueKind.Outgoing && entry.InboundNumber != 0 && !entry.HasOtherHistories)
                    throw new SimulationException($"{entry} is a dead letter at {gateway.Name} ({letter.Text}), but it had arrived");
            }
        }

        foreach (var (name, queue) in ledger.RemovedAt)
        {
            if (gateways.Single(gateway => gateway.Label == name).Audit.All(
                act => act.About != queue.ToString() && act.About != "dead letters")) throw new SimulationException(
                $"nothing is recorded of what an operator took out of {queue} at {name}");
        }

        foreach (var entry in ledger.Entries) CheckFate(entry, dead.GetValueOrDefault(entry) ?? []);
    }

    private static void CheckFate(Ledger.Entry entry, IReadOnlyList<DeadLetter> dead)
    {
        if (!entry.IsAccepted && !entry.IsRedirected)
        {
            if (!entry.IsGivenUp) throw new SimulationException($"{entry} was never accepted");
            // Nothing was promised, and nothing is there. One that is stored has to come to its end, as any other.
            if (!entry.IsStored) return;
        }

        if (entry.HasOtherHistories)
        {
            CheckFateInHistories(entry, entry.Completed + dead.Count + entry.Removed);
            return;
        }

        var isRight = entry.Completed + dead.Count + entry.Removed == 1
            || (entry.Completed, dead.Count, entry.Removed, entry.UnansweredCompletions) is (0, 0, 0, > 0);
        if (!isRight) throw new SimulationException($"{entry} was completed {entry.Completed} times, removed {entry.Removed} "
            + $"times, is {dead.Count} dead letters ({string.Join("; ", dead.Select(letter => $"{letter.Queue}: {letter.Text}"))}), "
            + $"{entry.UnansweredCompletions} completions are unanswered");
    }

    /// <summary>A store in its way was put back or copied.</summary>
    private static void CheckFateInHistories(Ledger.Entry entry, int ends)
    {
        if (ends > 1 + entry.Again)
            throw new SimulationException($"{entry} came to its end {ends} times, of {1 + entry.Again} that its stores explain");
        if (ends > 0 || entry.UnansweredCompletions > 0 || entry.WasCompleted) return;
        if (!entry.MayBeLost) throw new SimulationException($"{entry} is lost, and no store that was put back explains it");
        if (entry.LostAt is { } lost)
            throw new SimulationException($"{entry} was lost when {lost.To} was put back, and {lost.From} did not say so");
    }

    private static void CheckCounters(SimulatedGateway gateway)
    {
        foreach (var queue in gateway.State.Queues)
        {
            if (gateway.IsOriginals(queue.Id)) continue;
            if (queue.Messages != 0 || queue.Bytes != 0) throw new SimulationException(
                $"{queue.Id} at {gateway.Name} counts {queue.Messages} messages, {queue.Bytes} bytes, and is empty");
        }

        if (!gateway.IsDrained) throw new SimulationException($"{gateway.Name} holds nothing and is not drained");
    }
}
