using Gateway.Store.Records;

namespace Gateway.Store.State;

/// <summary>An event of the gateway, kept for people beyond its run.</summary>
/// <param name="Topic">The subject, such as one link.</param>
/// <param name="Payload">The event, in the topic's own format.</param>
internal sealed record StoredEvent(string Topic, long AtUnixMs, ReadOnlyMemory<byte> Payload);

/// <summary>
/// The last events of each topic, a block each, beside the volumes; the oldest of a topic is deleted once there are too many. Owned by the
/// store's thread.
/// </summary>
internal sealed class EventLog
{
    /// <summary>The topic of operators' acts.</summary>
    public const string AuditTopic = "audit";

    /// <summary>The number of events kept for each other topic.</summary>
    public const int TopicEventsMax = 256;

    /// <summary>The number of operators' acts kept.</summary>
    public const int AuditEventsMax = 4096;

    /// <summary>The largest payload, in bytes; the producer of an event truncates its texts.</summary>
    public const int PayloadBytesMax = 16 * 1024;

    private readonly Dictionary<string, Queue<(long Number, StoredEvent Event)>> _topics = [];
    private readonly List<Block> _puts = [];
    private readonly List<BlockId> _deletes = [];
    private long _lastNumber;

    public IEnumerable<StoredEvent> All =>
        _topics.Values.SelectMany(topic => topic).OrderBy(entry => entry.Number).Select(entry => entry.Event);

    public void Append(StoredEvent entry)
    {
        Invariant.Require(entry.Payload.Length <= PayloadBytesMax, "an event is small");
        var batch = new BlockBatch(BlockKind.Event, _lastNumber + 1);
        var writer = batch.Begin(RecordKind.Event);
        writer.Text(entry.Topic);
        writer.Int64(entry.AtUnixMs);
        writer.Block(entry.Payload.Span);
        batch.End();
        _puts.AddRange(batch.Take());
        Keep(_lastNumber + 1, entry);
    }

    /// <summary>Restores an event written before.</summary>
    public void Restore(Block block)
    {
        var records = GroupReader.Open(block);
        while (records.TryNext(out var kind, out var payload))
        {
            var reader = new ByteReader(payload);
            if (kind != RecordKind.Event || !TryRead(ref reader, out var entry)) throw UnreadableBlock.Damaged(block.Id);
            Keep(block.Id.Number, entry);
        }
    }

    /// <summary>Reads the payload of an Event record; false if it is none.</summary>
    public static bool TryRead(ref ByteReader reader, out StoredEvent entry)
    {
        entry = new StoredEvent(reader.Text(), reader.Int64(), reader.Block().ToArray());
        return reader.IsWhole;
    }

    /// <summary>Adds the blocks to write and delete for the events since the last call.</summary>
    public void Collect(List<Block> puts, List<BlockId> deletes)
    {
        puts.AddRange(_puts);
        deletes.AddRange(_deletes);
        _puts.Clear();
        _deletes.Clear();
    }

    private void Keep(long number, StoredEvent entry)
    {
        if (!_topics.TryGetValue(entry.Topic, out var topic)) _topics[entry.Topic] = topic = [];
        topic.Enqueue((number, entry));
        _lastNumber = number;
        if (topic.Count > (entry.Topic == AuditTopic ? AuditEventsMax : TopicEventsMax))
            _deletes.Add(new BlockId(BlockKind.Event, topic.Dequeue().Number));
    }
}
