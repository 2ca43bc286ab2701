using System.Globalization;
using Gateway.Store.Messages;
using Gateway.Store.Records;
using Gateway.Store.State;

namespace Gateway.Store.Commands;

/// <summary>
/// Records that a message of an outgoing queue is taken out although it was perhaps sent: the peer may stand at its number, where later
/// nothing is. Submitted before the command that takes it out.
/// </summary>
internal sealed class NoteTakenCommand(QueueId queue, long number) : StoreCommand
{
    public override bool IsLazy => true;

    /// <summary>The highest number that was recorded for the queue; 0 for none.</summary>
    public static long UpTo(StoreState state, QueueId queue) =>
        long.TryParse(state.Marks.GetValueOrDefault(NameOf(queue)), CultureInfo.InvariantCulture, out var number) ? number : 0;

    public override void Apply(StoreJournal journal, StoreReader reader)
    {
        if (journal.State.Find(queue) is not null && number > UpTo(journal.State, queue))
            journal.Mark(new Marked(NameOf(queue), number.ToString(CultureInfo.InvariantCulture)));
    }

    private static string NameOf(QueueId queue) => MarkNames.TakenInDoubt + queue.Name;
}
