using Gateway.Store;
using Gateway.Store.Commands;
using Gateway.Store.Messages;
using Gateway.Store.State;

namespace Gateway.Tests.Simulation;

/// <summary>The commands that the store is to make durable at once, and the dead letters that were there before.</summary>
internal sealed record ExecutedGroup(string Mark, List<StoreCommand> Commands, Dictionary<long, DeadLetter> Letters)
{
    /// <summary>The dead letters as they were before operators work on them.</summary>
    public static Dictionary<long, DeadLetter> LettersOf(List<StoreCommand> commands, StoreState state) =>
        commands.OfType<OperatorCommand>().Any(
            command => command.Queue is null) ? state.DeadLetters.ToDictionary(letter => letter.Number) : [];

    /// <summary>It writes nothing, and what it reads is told to peers, also by a process that was displaced meanwhile.</summary>
    public bool AnswersPeers { get; } = Commands.TrueForAll(command =>
        command is ReadHistoryCommand or ReadPositionsCommand or ComparePositionsCommand or ProveHoldCommand);

    /// <summary>Enters the durable results into the ledger.</summary>
    public void Enter(Ledger ledger, string label, StoreState state, SimulationProfile profile)
    {
        foreach (var command in Commands)
        {
            if (command is OperatorCommand act && !profile.HasPrograms) Enter(ledger, label, act);
            var placed = command is EnqueueCommand enqueue ? enqueue.Placed : command is StoreInboundCommand inbound ? inbound.Placed : [];
            foreach (var one in placed.Where(_ => !profile.HasPrograms))
            {
                if (command is EnqueueCommand { Spread: { } spread }) ledger.Chosen(label, one, spread);
                ledger.Placed(label, one);
            }
        }

        foreach (var queue in state.Queues)
        {
            // An empty queue takes whatever comes first.
            if (queue.Messages > Math.Max(profile.Store.QueueMessagesMax, profile.Links.Limits.WindowMessages))
                throw new SimulationException(
                    $"{queue.Id} at {label} holds {queue.Messages} messages, of {profile.Store.QueueMessagesMax}");
        }
    }

    private void Enter(Ledger ledger, string label, OperatorCommand act)
    {
        for (var i = 0; i < act.Changed.Count; i++)
        {
            var (queue, number) = act.Queue is { } id ? (
                id, act.Changed[i]) : (Letters[act.Changed[i]].Queue, Letters[act.Changed[i]].MessageNumber);
            if (act is PurgeCommand) ledger.Removed(label, queue, number);
            else if (act is RedirectCommand && act.Placed[i].Queue == queue) ledger.Returned(label, queue, number, act.Placed[i]);
            else if (act is RedirectCommand redirect)
            {
                ledger.CheckKey(label, act.Placed[i], redirect.Spread);
                ledger.Redirected(label, queue, number, act.Placed[i]);
            }
        }
    }
}
