using Gateway.Client;
using Gateway.Store;
using Gateway.Store.Commands;
using Gateway.Store.Messages;
using Gateway.Store.State;
using Shouldly;

namespace Gateway.Tests.Store;

/// <summary>Short ways to make messages and commands.</summary>
internal static class StoreCommands
{
    public const long Noon = 1_750_000_000_000;

    public static readonly DateTimeOffset NoonTime = DateTimeOffset.FromUnixTimeMilliseconds(Noon);

    public static readonly QueueId Orders = QueueId.Outgoing("orders", "billing");
    public static readonly QueueId Bills = QueueId.Outgoing("bills", "archive");
    public static readonly QueueId Jobs = QueueId.Inbound("jobs");

    /// <summary>A message whose id, headers and body follow from a number.</summary>
    public static Message Message(int seed, int bodyBytes = 100, long expiresUnixMs = 0)
    {
        var random = new Random(seed);
        var body = new byte[bodyBytes];
        random.NextBytes(body);
        return new Message
        {
            Id = Id(seed),
            EnqueuedUnixMs = Noon + seed,
            ExpiresUnixMs = expiresUnixMs,
            Source = "shop",
            Headers = seed % 3 == 0 ? "{\"kind\":\"test\"}"u8.ToArray() : ReadOnlyMemory<byte>.Empty,
            Body = body,
        };
    }

    public static MessageId Id(int seed) => new(new Guid(seed, 0, 0x7000, [0x80, 0, 0, 0, 0, 0, 0, 1]));

    public static EnqueueCommand Enqueue(QueueId target, params IReadOnlyList<Message> messages) => Enqueue([target], messages);

    public static EnqueueCommand Enqueue(
        IReadOnlyList<QueueId> targets, IReadOnlyList<Message> messages, ulong fingerprint = 1, long atUnixMs = Noon) =>
        new(targets, messages.Select(message => new IncomingMessage(message, fingerprint)).ToList(), atUnixMs, _ => { });

    /// <summary>A batch from a peer with the given numbers; the messages follow from them.</summary>
    public static StoreInboundCommand Inbound(Guid sender, long previous, params IReadOnlyList<int> numbers) =>
        new(sender, Jobs.Name, previous, numbers.Select(number => new NumberedMessage(number, Message(number))).ToList(), _ => { });

    /// <summary>Of the queues above.</summary>
    public static ExpireCommand Expire(DateTimeOffset now, params IReadOnlyList<(QueueId Queue, long UpTo)> untouched) =>
        new(now, DueQueues.None with { Queues = [Orders, Bills, Jobs] }, untouched.ToDictionary(entry => entry.Queue, entry => entry.UpTo),
            _ => { });

    public static CompleteCommand Complete(QueueId queue, long number) => new(queue, number, () => { });

    public static ReturnCommand Return(QueueId queue, long number, int deliveries, long notBeforeUnixMs = 0) =>
        new(queue, number, deliveries, notBeforeUnixMs, () => { });

    public static DeadLetterCommand Reject(QueueId queue, long number, string text = "not wanted") =>
        new(queue, number, DeadLetterReason.Rejected, Noon, text, () => { });

    public static PurgeCommand Purge(QueueId? queue, params IReadOnlyList<long> numbers) => new(queue, numbers, _ => { });

    public static IReadOnlyList<StoredMessage> Read(
        MessageStore store, QueueId queue, long after = 0, int messagesMax = int.MaxValue, int bytesMax = int.MaxValue)
    {
        IReadOnlyList<StoredMessage>? found = null;
        var command = new ReadQueueCommand(queue, after, messagesMax, bytesMax, messages => found = messages);
        store.Execute([command]);
        command.Complete();
        return found.ShouldNotBeNull();
    }

    /// <summary>A whole queue, read window by window; each window keeps to its limits.</summary>
    public static IReadOnlyList<StoredMessage> ReadAll(
        MessageStore store, QueueId queue, int messagesMax = int.MaxValue, int bytesMax = int.MaxValue)
    {
        var all = new List<StoredMessage>();
        while (Read(store, queue, all.Count == 0 ? 0 : all[^1].Number, messagesMax, bytesMax) is { Count: > 0 } window)
        {
            window.Count.ShouldBeLessThanOrEqualTo(messagesMax);
            if (window.Count > 1) window.Sum(message => (long)message.Message.Body.Length).ShouldBeLessThanOrEqualTo(bytesMax);
            all.AddRange(window);
        }

        return all;
    }

    public static IReadOnlyList<long> Numbers(MessageStore store, QueueId queue) =>
        ReadAll(store, queue).Select(message => message.Number).ToList();
}
