using System.Text;
using Gateway.Store;
using Gateway.Store.Blocks;
using Gateway.Store.Disk;
using Gateway.Store.Disk.Files;
using Gateway.Store.Messages;
using Gateway.Store.Records;
using Gateway.Tests.Store.Disk;
using LiteDB;
using Microsoft.Extensions.Logging.Abstractions;
using Shouldly;

namespace Gateway.Tests.Store;

/// <summary>Stores whose bytes changed on the disk, and what must still hold for them.</summary>
internal static class StoreDamage
{
    /// <summary>Every message that the queues give, in a form that tells any two apart.</summary>
    public static Dictionary<(QueueId Queue, long Number), string> Contents(MessageStore store) =>
        store.State.Queues.ToList()
            .SelectMany(queue => StoreCommands.ReadAll(store, queue.Id), (queue, stored) =>
                (Place: (queue.Id, stored.Number), Text: Describe(stored.Message)))
            .ToDictionary(entry => entry.Place, entry => entry.Text);

    /// <summary>Every message served is right, and every message not served is listed.</summary>
    public static void ServesTheRest(MessageStore store, Dictionary<(QueueId Queue, long Number), string> contents, string what)
    {
        var served = Contents(store);
        foreach (var (place, message) in served) message.ShouldBe(contents[place], what);

        var damaged = store.State.Damaged.Where(entry => entry.DeadLetter == 0)
            .SelectMany(entry => entry.Each(), (entry, number) => (entry.Queue, number)).ToList();
        served.Keys.Concat(damaged).Order(Comparer<(QueueId Queue, long Number)>.Create(Compare))
            .ShouldBe(contents.Keys.Order(Comparer<(QueueId Queue, long Number)>.Create(Compare)), what);
    }

    public static MessageStore Open(SimulatedDisk disk, StoreSettings settings) =>
        MessageStore.Open(Blocks(disk), settings, TestStore.FirstId);

    public static LiteBlockStore Blocks(SimulatedDisk disk) => new(disk, NullLoggerFactory.Instance);

    /// <summary>The next open writes again what the last epoch of a log holds, and so repairs it: afterwards that is little.</summary>
    public static void SettleLog(IDisk disk, string name)
    {
        using var volume = LiteVolume.Open(disk, name);
        volume.Checkpoint();
        volume.Begin();
        volume.Engine.Insert("marker", [new BsonDocument { ["_id"] = 1 }], BsonAutoId.ObjectId);
        volume.Commit();
        volume.Abandon();
    }

    /// <summary>Where a group lies in a data file, from its magic to its end; a small one lies in one page.</summary>
    public static (int Offset, int Length) Find(SimulatedDisk disk, string file, Block group)
    {
        var bytes = new byte[disk[file].Length];
        disk[file].Read(0, bytes);
        var offset = bytes.AsSpan().LastIndexOf(group.Bytes);
        offset.ShouldBeGreaterThan(0, $"{group.Id} in {file}");
        return (offset, group.Bytes.Length);
    }

    private static int Compare((QueueId Queue, long Number) one, (QueueId Queue, long Number) other)
    {
        var byQueue = string.CompareOrdinal(one.Queue.ToString(), other.Queue.ToString());
        return byQueue != 0 ? byQueue : one.Number.CompareTo(other.Number);
    }

    private static string Describe(Message message) =>
        $"{message.Id} {message.EnqueuedUnixMs} {message.ExpiresUnixMs} {message.Source} {Encoding.UTF8.GetString(message.Headers.Span)} "
            + $"{Convert.ToHexString(message.Body.Span)}";
}
