using Gateway.Store;
using Gateway.Store.Commands;
using Gateway.Store.Messages;
using Gateway.Store.State;

namespace Gateway.Tests.Store;

/// <summary>A command for the store, what the model says it shall do, and what it says that it did.</summary>
internal sealed record Operation(StoreCommand Command, Func<StoreModel, string> Expect, Func<string> Result);

/// <summary>Random groups of commands, which a seed repeats. Looks at the model only to choose numbers that matter.</summary>
internal sealed class StoreWorkload(Random random)
{
    private static readonly QueueId[] _queues =
        [StoreCommands.Orders, StoreCommands.Bills, StoreCommands.Jobs, QueueId.Outgoing("orders", "archive"), QueueId.Inbound("other")];
    private static readonly Guid[] _senders = [new("00000000-0000-0000-0000-00000000000a"), new("00000000-0000-0000-0000-00000000000b")];
    private static readonly int[] _bodySizes = [0, 10, 100, 1_000, 3_000, 30_000, 150_000, 300_000];

    private long _nowUnixMs = StoreCommands.Noon;
    private int _nextId = 1;

    public IReadOnlyList<Operation> NextGroup(StoreModel model)
    {
        _nowUnixMs += random.Next(1_000);
        return Enumerable.Range(0, random.Next(1, 6)).Select(_ => Next(model)).ToList();
    }

    private Operation Next(StoreModel model) => random.Next(20) switch
    {
        < 5 => Enqueue(),
        < 7 => Inbound(model),
        < 10 => Acknowledge(model),
        < 12 => Complete(model),
        12 => Return(model),
        13 => Deliver(model),
        14 => DeadLetter(model),
        15 => Purge(model),
        16 => Bury(model),
        17 => Redirect(model),
        18 => Mark(),
        _ => Expire(model),
    };

    private Operation Enqueue()
    {
        var now = _nowUnixMs;
        var targets = _queues.Skip(random.Next(_queues.Length)).Take(random.Next(1, 3)).ToList();
        var messages = Enumerable.Range(0, random.Next(1, 5)).Select(_ => Incoming()).ToList();
        var command = new EnqueueCommand(targets, messages, now, _ => { });
        return new Operation(
            command,
            model => model.Enqueue(targets, messages, now),
            () => command.Conflict is { } conflict ? $"conflict {conflict}" : string.Join(", ", Places(command.Placed)));
    }

    private Operation Inbound(StoreModel model)
    {
        var (sender, queue) = (_senders[random.Next(2)], random.Next(3) == 0 ? "other" : StoreCommands.Jobs.Name);
        var position = model.Positions.GetValueOrDefault((sender, queue));
        var previous = random.Next(6) == 0 ? Math.Max(0, position + random.Next(-6, 7)) : position;
        var number = previous;
        var messages = Enumerable.Range(0, random.Next(1, 6)).Select(_ => new NumberedMessage(number += random.Next(1, 4), Message()))
            .ToList();
        var command = new StoreInboundCommand(sender, queue, previous, messages, _ => { });
        return new Operation(
            command,
            state => state.StoreInbound(sender, queue, previous, messages),
            () => StoreModel.Inbound(command.Position, command.HasGap, Places(command.Placed)));
    }

    private Operation Acknowledge(StoreModel model)
    {
        var (queue, number) = Place(model);
        return Silent(new AcknowledgeCommand(queue, number), state => state.Acknowledge(queue, number));
    }

    private Operation Complete(StoreModel model)
    {
        var (queue, number) = Place(model);
        return Silent(StoreCommands.Complete(queue, number), state => state.Complete(queue, number));
    }

    private Operation Return(StoreModel model)
    {
        var ((queue, number), deliveries, notBefore) = (Place(model), random.Next(5), random.Next(2) * (_nowUnixMs + 500));
        return Silent(StoreCommands.Return(queue, number, deliveries, notBefore),
            state => state.Return(queue, number, deliveries, notBefore));
    }

    private Operation Deliver(StoreModel model)
    {
        var (queue, number) = Place(model);
        return Silent(new DeliveredCommand(queue, number), state => state.Deliver(queue, number));
    }

    private Operation DeadLetter(StoreModel model)
    {
        var ((queue, number), now) = (Place(model), _nowUnixMs);
        return Silent(
            new DeadLetterCommand(queue, number, DeadLetterReason.RefusedByPeer, now, $"no {number}", () => { }),
            state => state.DeadLetter(queue, number, DeadLetterReason.RefusedByPeer, now, $"no {number}"));
    }

    private Operation Purge(StoreModel model)
    {
        var (queue, numbers) = Places(model);
        return Taking(new PurgeCommand(queue, numbers, _ => { }), state => state.Take(queue, numbers, _ => null, default));
    }

    private Operation Bury(StoreModel model)
    {
        var ((queue, number), now) = (Place(model), _nowUnixMs);
        var command = new BuryCommand(queue, [number], now, "out", _ => { });
        return Silent(command, state => state.DeadLetter(queue, number, DeadLetterReason.Operator, now, "out"));
    }

    private Operation Redirect(StoreModel model)
    {
        var ((queue, numbers), now) = (Places(model), DateTimeOffset.FromUnixTimeMilliseconds(_nowUnixMs));
        // Messages stored in this very group cannot be read yet; operators act on messages that they have seen.
        var last = queue is { } id ? model.Find(id)?.LastNumber ?? 0 : model.Letters.Count;
        numbers = numbers.Where(number => number <= last).ToList();
        QueueId? target = queue is null && random.Next(2) == 0 ? null : _queues[random.Next(_queues.Length)];
        return Taking(new RedirectCommand(queue, numbers, target, now, _ => { }),
            state => state.Take(queue, numbers, from => target ?? from, now));
    }

    private Operation Mark()
    {
        var (name, note) = ($"mark {random.Next(3)}", random.Next(3) == 0 ? "" : $"note {random.Next(100)}");
        return Silent(new MarkCommand(name, note, () => { }), state => state.Mark(name, note));
    }

    /// <summary>Some of a queue, or of the dead letters.</summary>
    private (QueueId? Queue, IReadOnlyList<long> Numbers) Places(StoreModel model)
    {
        if (random.Next(2) == 0) return (null, Enumerable.Range(0, random.Next(1, 4))
            .Select(_ => (long)random.Next(model.Letters.Count + 2)).Distinct().Order().ToList());
        var (queue, first) = Place(model);
        return (queue, Enumerable.Range(0, random.Next(1, 4)).Select(i => first + i).ToList());
    }

    private static Operation Taking(OperatorCommand command, Func<StoreModel, string> expect) =>
        new(command, expect, () => StoreModel.Taken(command.Changed, Places(command.Placed)));

    private Operation Expire(StoreModel model)
    {
        var now = DateTimeOffset.FromUnixTimeMilliseconds(_nowUnixMs);
        var untouched = model.Queues.Where(_ => random.Next(3) == 0)
            .ToDictionary(queue => queue.Id, queue => queue.LastNumber - random.Next(5));
        var command = new ExpireCommand(now, DueQueues.None with { Queues = [.. model.Queues.Select(queue => queue.Id)] },
            untouched, _ => { });
        return new Operation(command, state => state.Expire(now, untouched), () => StoreModel.Expired(command.Expired));
    }

    /// <summary>Mostly the number of a message, sometimes one that is gone or not given yet.</summary>
    private (QueueId Queue, long Number) Place(StoreModel model)
    {
        var queue = _queues[random.Next(_queues.Length)];
        if (model.Find(queue) is not { } known) return (queue, random.Next(5));
        if (known.Messages.Count == 0 || random.Next(5) == 0) return (queue, random.Next((int)known.LastNumber + 3));
        return (queue, known.Messages[random.Next(known.Messages.Count)].Number);
    }

    /// <summary>Mostly new, sometimes a repetition, seldom a conflict.</summary>
    private IncomingMessage Incoming()
    {
        if (_nextId > 1 && random.Next(8) == 0)
        {
            var known = random.Next(Math.Max(1, _nextId - 30), _nextId);
            return new IncomingMessage(StoreCommands.Message(known), Fingerprint: random.Next(4) == 0 ? 2u : 1u);
        }

        return new IncomingMessage(Message(), Fingerprint: 1);
    }

    private Message Message()
    {
        var size = _bodySizes[Enumerable.Range(0, 3).Min(_ => random.Next(_bodySizes.Length))];
        return StoreCommands.Message(_nextId++, size, random.Next(4) == 0 ? _nowUnixMs + random.Next(5_000) : 0);
    }

    private static IEnumerable<string> Places(IEnumerable<Placed> placed) =>
        placed.Select(place => StoreModel.Placed(place.Queue, place.Message.Number));

    private static Operation Silent(StoreCommand command, Action<StoreModel> change) => new(
        command,
        model =>
        {
            change(model);
            return "";
        },
        () => "");
}
