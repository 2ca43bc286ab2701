using Gateway.Store.Messages;
using Gateway.Store.Records;

namespace Gateway.Store.Commands;

/// <summary>A consumer has completed a message: it leaves the store.</summary>
internal sealed class CompleteCommand(QueueId queue, long number, Action done) : StoreCommand
{
    public override void Apply(StoreJournal journal, StoreReader reader)
    {
        if (journal.State.Find(queue) is { } found && found.Find(number) is not null) journal.Remove(found, number);
    }

    public override void Complete() => done();
}

/// <summary>A consumer had a message and did not complete it: records its delivery count and the end of its delay.</summary>
/// <param name="done">Null if no caller waits, as after the end of a lease.</param>
internal sealed class ReturnCommand(QueueId queue, long number, int deliveries, long notBeforeUnixMs, Action? done) : StoreCommand
{
    public override bool IsLazy => done is null;

    public override void Apply(StoreJournal journal, StoreReader reader)
    {
        if (journal.State.Find(queue) is { } found && found.Find(number) is not null)
        {
            journal.Return(new Returned(found.Handle, number, deliveries, notBeforeUnixMs));
        }
    }

    public override void Complete() => done?.Invoke();
}

/// <summary>Everything up to a number was delivered to a consumer; recorded so that delivery counts survive a crash.</summary>
internal sealed class DeliveredCommand(QueueId queue, long upTo) : StoreCommand
{
    public override bool IsLazy => true;

    public override void Apply(StoreJournal journal, StoreReader reader)
    {
        if (journal.State.Find(queue) is { } found) journal.MarkDelivered(found, upTo);
    }
}

/// <summary>Turns a message into a dead letter, if it is still in its queue.</summary>
/// <param name="done">Null if no caller waits.</param>
internal sealed class DeadLetterCommand(QueueId queue, long number, DeadLetterReason reason, long atUnixMs, string text, Action? done)
    : StoreCommand
{
    /// <summary>The last group in which a message left an outgoing queue unsent, this one included.</summary>
    public long LeftUnsentGroup { get; private set; }

    public override bool IsLazy => done is null;

    public override void Apply(StoreJournal journal, StoreReader reader)
    {
        if (journal.State.Find(queue) is { } found && found.Find(number) is not null)
            journal.DeadLetter(found, number, reason, atUnixMs, text);
        LeftUnsentGroup = journal.State.LeftUnsentGroup;
    }

    public override void Complete() => done?.Invoke();
}
