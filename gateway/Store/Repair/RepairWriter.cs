using System.Diagnostics.CodeAnalysis;
using Gateway.Store.Browsing;
using Gateway.Store.Messages;
using Gateway.Store.Records;
using Gateway.Store.State;

namespace Gateway.Store.Repair;

/// <summary>
/// Writes the saved contents into a new store. Messages keep their numbers, by which peers recognise them. Each queue continues far above
/// the highest number it can have assigned: a peer would take a message with a reused number for one it already has.
/// </summary>
internal sealed class RepairWriter(SalvagedBlocks blocks, RepairState state, MessageStore target, long nowUnixMs, Guid repairId)
{
    private const long NumbersSkipped = 1_000_000_000_000;
    private const long NumbersPerSecond = 1_000_000;
    private const long LettersSkipped = 1_000_000;
    private const int StepBytes = 1024 * 1024;
    private const int StepRecords = 4096;

    private readonly GroupIndex _group = new();
    private readonly Dictionary<long, (long Recovered, long Renumbered)> _counts = [];
    private readonly List<Action<StoreJournal>> _step = [];
    private int _stepBytes;
    private int _unfit;

    public List<MissingLetter> MissingLetters { get; } = [];

    public int Letters { get; private set; }

    /// <summary>
    /// The number after which every queue continues. It includes the time, so that a second repair, of a store that lost what the first one
    /// wrote, arrives at a different number.
    /// </summary>
    public long NumbersAfter { get; } = Math.Max(
        Math.Max(state.NumbersAfter, state.Queues.Select(queue => queue.LastNumber).DefaultIfEmpty().Max()) + NumbersSkipped,
        nowUnixMs / 1000 * NumbersPerSecond);

    public void Run(IReadOnlyList<IdAccepted> accepted, IReadOnlyList<StoredEvent> events)
    {
        foreach (var queue in Named()) Write(64, journal => journal.QueueOf(queue.Id!.Value));
        WriteMessages();
        WriteAside();
        foreach (var queue in Named()) Write(64, journal => WriteMarks(journal, queue));
        foreach (var ((sender, name), position) in state.Positions) Write(
            64, journal => journal.MovePosition(new PositionMoved(sender, name, position, state.SenderGroups.GetValueOrDefault(sender))));
        // The notes on how far queues were sent are omitted: their removal may be in the lost part.
        foreach (var (name, note) in state.Marks.Where(mark => mark.Key != MarkNames.Runs && !mark.Key.StartsWith(
            MarkNames.SentUpTo, StringComparison.Ordinal))) Write(64, journal => journal.Mark(new Marked(name, note)));
        Write(64, WriteRun);
        foreach (var id in accepted) Write(64, journal => journal.Accept(id));
        foreach (var entry in events) Write(64, journal => journal.State.Events.Append(entry));
        Commit();
        foreach (var queue in target.State.Queues) queue.LastNumber = Math.Max(queue.LastNumber, NumbersAfter);
        target.State.NumbersAfter = NumbersAfter;
        target.State.LastDeadLetter = state.LastDeadLetter + LettersSkipped;
        target.WriteSnapshot();
    }

    public IReadOnlyList<RepairedQueue> Queues() =>
        [.. state.Queues.Select(queue => new RepairedQueue(queue.Id, queue.Handle, Count(queue).Recovered, Count(queue).Renumbered,
            queue.Missing, NumbersAfter)).Where(queue => queue.Queue is not null || !queue.Missing.IsEmpty)];

    /// <summary>
    /// The last runs may be lost, and a later run must not get the number of one that a peer knows. The runs skipped count as unknown; a
    /// peer that knows of later groups is right: they are lost.
    /// </summary>
    private void WriteRun(StoreJournal journal)
    {
        var runs = RunList.Parse(state.Marks.GetValueOrDefault(MarkNames.Runs));
        var run = new StoreRun(Math.Max(runs.LastNumber + 1, nowUnixMs / 1000), repairId, journal.OpenGroup);
        journal.Mark(new Marked(MarkNames.Runs, runs.With(run).ToNote()));
    }

    private IEnumerable<RepairQueue> Named() => state.Queues.Where(queue => queue.Id is not null);

    private (long Recovered, long Renumbered) Count(RepairQueue queue) => _counts.GetValueOrDefault(queue.Handle);

    /// <summary>
    /// Writes all queues in the order of the groups, so that each group is read about once, and each queue in the order of its numbers.
    /// </summary>
    private void WriteMessages()
    {
        var next = new PriorityQueue<IEnumerator<SavedMessage>, long>();
        // A name that was forgotten and used again has two queues.
        foreach (var queues in state.Queues.GroupBy(queue => (queue.Id, Handle: queue.Id is null ? queue.Handle : 0)))
            Advance(queues.SelectMany(Messages).OrderBy(message => message.Number).GetEnumerator());
        while (next.TryDequeue(out var messages, out _))
        {
            WriteMessage(messages.Current);
            Advance(messages);
        }

        void Advance(IEnumerator<SavedMessage> messages)
        {
            if (messages.MoveNext()) next.Enqueue(messages, messages.Current.Group);
        }
    }

    private IEnumerable<SavedMessage> Messages(RepairQueue queue)
    {
        var letters = state.Letters.Values.Where(letter => letter.Handle == queue.Handle)
            .Select(letter => new SavedMessage(queue, letter.MessageNumber, letter.Group, letter));
        return queue.Live.Select(live => new SavedMessage(queue, live.Key, live.Value, null)).Concat(letters);
    }

    private void WriteMessage(SavedMessage saved)
    {
        var (queue, number, _, letter) = saved;
        if (queue.Id is not { } id || !TryRead(saved, out var message))
        {
            if (letter is null) queue.Missing.Add(number, number);
            else MissingLetters.Add(new MissingLetter(letter.Number, queue.Id, number));
            return;
        }

        letter ??= LetterOfUnfit(saved, message);
        if (letter is null) _counts[queue.Handle] = (Count(queue).Recovered + 1, 0);
        else Letters++;
        Write(MessageCodec.SizeBytes(message), journal =>
        {
            var made = journal.QueueOf(id);
            made.LastNumber = number - 1;
            journal.Store(made, message);
            Bury(journal, made, letter);
        });
    }

    /// <summary>A message that no consumer could take stays where an operator sees it. Null for a valid one.</summary>
    private RepairLetter? LetterOfUnfit(SavedMessage saved, Message message) => MessageRules.FindFault(message) is { } fault
        ? new RepairLetter(state.LastDeadLetter + ++_unfit, saved.Queue.Handle, saved.Number, saved.Group, DeadLetterReason.Rejected,
            nowUnixMs, $"the repair found that it is not a valid message: {fault.Text}")
        : null;

    /// <summary>Makes the queue's last message a dead letter, if there is a letter for it.</summary>
    private static void Bury(StoreJournal journal, QueueState queue, RepairLetter? letter)
    {
        if (letter is null) return;
        journal.State.LastDeadLetter = letter.Number - 1;
        journal.DeadLetter(queue, queue.LastNumber, letter.Reason, letter.AtUnixMs, letter.Text);
    }

    /// <summary>
    /// Later messages of the queue may be at the peer, which would take these, under their old numbers, for ones it already has.
    /// </summary>
    private void WriteAside()
    {
        foreach (var queue in state.Queues)
        {
            foreach (var (number, group) in queue.PutAside)
            {
                var saved = new SavedMessage(queue, number, group, null);
                if (queue.Id is not { } id || !TryRead(saved, out var message))
                {
                    queue.Missing.Add(number, number);
                    continue;
                }

                var letter = LetterOfUnfit(saved, message);
                if (letter is null) _counts[queue.Handle] = (Count(queue).Recovered, Count(queue).Renumbered + 1);
                else Letters++;
                Write(MessageCodec.SizeBytes(message), journal =>
                {
                    var made = journal.QueueOf(id);
                    made.LastNumber = Math.Max(made.LastNumber, NumbersAfter);
                    journal.Store(made, message);
                    Bury(journal, made, letter);
                });
            }
        }
    }

    private static void WriteMarks(StoreJournal journal, RepairQueue queue)
    {
        var made = journal.QueueOf(queue.Id!.Value);
        if (queue.DeliveredUpTo > 0) journal.MarkDelivered(made, queue.DeliveredUpTo);
        foreach (var returned in queue.Returned.Values)
        {
            if (made.Find(returned.Number) is not null) journal.Return(returned with { Queue = made.Handle });
        }
    }

    private bool TryRead(SavedMessage saved, [NotNullWhen(true)] out Message? message)
    {
        message = null;
        if (_group.Group != saved.Group)
        {
            if (blocks.Read(saved.Group) is not { } block) return false;
            _group.Fill(block);
        }

        return _group.TryFind(saved.Queue.Handle, saved.Number, out var bytes) && MessageCodec.TryRead(bytes, out message);
    }

    private void Write(int bytes, Action<StoreJournal> write)
    {
        _step.Add(write);
        _stepBytes += bytes;
        if (_stepBytes >= StepBytes || _step.Count >= StepRecords) Commit();
    }

    private void Commit()
    {
        var step = _step.ToList();
        target.Execute([new RepairCommand(journal => step.ForEach(write => write(journal)))]);
        target.Maintain();
        _step.Clear();
        _stepBytes = 0;
    }

    private readonly record struct SavedMessage(RepairQueue Queue, long Number, long Group, RepairLetter? Letter);
}
