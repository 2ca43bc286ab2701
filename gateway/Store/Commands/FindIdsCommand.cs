using System.Buffers.Binary;
using Gateway.Client;
using Gateway.Store.Messages;
using Gateway.Store.Records;
using Gateway.Store.Snapshots;

namespace Gateway.Store.Commands;

/// <summary>
/// Finds the ids of messages that have left a queue, in groups that still exist: nothing else keeps them, and a group disappears with its
/// volume once unneeded. Each command searches one piece, from the newest group down; the caller continues with the next.
/// </summary>
/// <param name="after">Only numbers above this one.</param>
/// <param name="upTo">Only numbers up to this one.</param>
/// <param name="below">Only groups below this one; later ones are already searched.</param>
/// <param name="done">Called on the loop.</param>
internal sealed class FindIdsCommand(QueueId queue, long after, long upTo, long below, Action<FindIdsCommand> done) : StoreCommand
{
    /// <summary>Limits how long the store's thread is occupied.</summary>
    private const int GroupsAtOnce = 16;

    private readonly List<(long Number, MessageId Id)> _found = [];

    public IReadOnlyList<(long Number, MessageId Id)> Found => _found;

    /// <summary>The start of the next piece; 0 if nothing is left.</summary>
    public long Below { get; private set; }

    public override bool NeedsRoom => false;

    public override bool WaitsToRead => false;

    public override void Read(StoreReader reader)
    {
        if (reader.State.Find(queue) is not { } known) return;
        var group = Math.Min(below, reader.Groups.Last + 1) - 1;
        var (last, lowest) = (Math.Max(reader.Groups.First, group - GroupsAtOnce + 1), long.MaxValue);
        for (; group >= last; group--)
        {
            if (reader.Groups.TryPeek(group, out var block)) lowest = Math.Min(lowest, Take(block, known.Handle));
        }

        // Numbers rise with the groups, except for rewritten messages.
        Below = lowest <= after + 1 || last <= reader.Groups.First ? 0 : last;
    }

    public override void Complete() => done(this);

    /// <summary>Returns the lowest number of the queue in the block.</summary>
    private long Take(Block block, long handle)
    {
        var lowest = long.MaxValue;
        var records = GroupReader.Open(block);
        while (records.TryNext(out var kind, out var payload))
        {
            if (kind is not RecordKind.Stored || BinaryPrimitives.ReadInt64LittleEndian(payload) != handle) continue;
            var (_, number) = Replay.StoredPrefix(payload);
            lowest = Math.Min(lowest, number);
            if (number > after && number <= upTo)
                _found.Add((number, new MessageId(new Guid(payload.Slice(Replay.StoredPrefixBytes, 16), bigEndian: true))));
        }

        return lowest;
    }
}
