using Gateway.Store.Messages;

namespace Gateway.Store.Records;

/// <summary>The kinds of records in groups and snapshots. The numbers are part of the store's format; FORMAT.md has the tables.</summary>
internal enum RecordKind : byte
{
    QueueMade = 1,
    Stored = 2,
    IdAccepted = 3,
    PositionMoved = 4,
    RemovedUpTo = 5,
    Removed = 6,
    Delivered = 7,
    Returned = 8,
    DeadLettered = 9,
    ExtentMoved = 10,
    DeadLetterMoved = 11,
    Copied = 12,
    Quarantined = 13,
    DeadLetterRemoved = 14,
    Marked = 15,
    QueueForgotten = 16,

    // Only in snapshots.
    Counters = 32,
    QueueMarks = 33,
    Extents = 34,
    DeadLetterKept = 35,
    SnapshotEnd = 36,
    DamagedKept = 37,
    NumbersAfter = 38,
    PositionsKept = 39,
    SnapshotPlace = 40,
    Event = 64,
}

/// <summary>A queue got its handle, by which other records name it; its numbers are above <paramref name="After"/>.</summary>
internal readonly record struct QueueMade(long Queue, QueueId Id, long After)
{
    public void Write(ByteWriter writer)
    {
        writer.Int64(Queue);
        writer.Byte((byte)Id.Kind);
        writer.Int64(After);
        writer.Text(Id.Name);
    }

    public static QueueMade Read(ref ByteReader reader)
    {
        var (queue, kind, after) = (reader.Int64(), (QueueKind)reader.Byte(), reader.Int64());
        return new QueueMade(queue, new QueueId(kind, reader.Text()), after);
    }
}

/// <summary>An empty queue was forgotten; its numbers are never assigned again to a later queue.</summary>
internal readonly record struct QueueForgotten(long Queue)
{
    public void Write(ByteWriter writer) => writer.Int64(Queue);

    public static QueueForgotten Read(ref ByteReader reader) => new(reader.Int64());
}

/// <summary>The application's message id was accepted; <paramref name="Fingerprint"/> is a hash of destination and body.</summary>
/// <param name="AtMs">The time in total running time of gateways on the store, which never goes back and cannot be set.</param>
internal readonly record struct IdAccepted(Guid Id, ulong Fingerprint, long AtMs)
{
    public void Write(ByteWriter writer)
    {
        writer.Guid(Id);
        writer.UInt64(Fingerprint);
        writer.Int64(AtMs);
    }

    public static IdAccepted Read(ref ByteReader reader) => new(reader.Guid(), reader.UInt64(), reader.Int64());
}

/// <summary>
/// The outgoing queue <paramref name="Queue"/> of the store <paramref name="SenderStore"/> is stored here up to
/// <paramref name="Position"/>.
/// </summary>
/// <param name="SenderGroup">The highest group of the sender's store of which its run had sent something.</param>
internal readonly record struct PositionMoved(Guid SenderStore, string Queue, StoredPosition Position, long SenderGroup)
{
    public void Write(ByteWriter writer)
    {
        writer.Guid(SenderStore);
        writer.Text(Queue);
        writer.Int64(Position.Number);
        writer.UInt32(Position.Check);
        writer.Int64(SenderGroup);
    }

    public static PositionMoved Read(ref ByteReader reader) =>
        new(reader.Guid(), reader.Text(), new StoredPosition(reader.Int64(), reader.UInt32()), reader.Int64());
}

/// <summary>
/// A number in a queue: with <see cref="RecordKind.RemovedUpTo"/> all messages up to it left the queue; with
/// <see cref="RecordKind.Removed"/> only that one did; with <see cref="RecordKind.Delivered"/> all up to it were delivered to a consumer at
/// least once.
/// </summary>
internal readonly record struct QueueNumber(long Queue, long Number)
{
    public void Write(ByteWriter writer)
    {
        writer.Int64(Queue);
        writer.Int64(Number);
    }

    public static QueueNumber Read(ref ByteReader reader) => new(reader.Int64(), reader.Int64());
}

/// <summary>
/// The messages of an extent were rewritten into the group that holds this record; their copies follow as <see cref="RecordKind.Copied"/>.
/// </summary>
internal readonly record struct ExtentMoved(long Queue, long First, long LiveBytes)
{
    public void Write(ByteWriter writer)
    {
        writer.Int64(Queue);
        writer.Int64(First);
        writer.Int64(LiveBytes);
    }

    public static ExtentMoved Read(ref ByteReader reader) => new(reader.Int64(), reader.Int64(), reader.Int64());
}

/// <summary>Likewise for the message of a dead letter.</summary>
internal readonly record struct DeadLetterMoved(long DeadNumber)
{
    public void Write(ByteWriter writer) => writer.Int64(DeadNumber);

    public static DeadLetterMoved Read(ref ByteReader reader) => new(reader.Int64());
}

/// <summary>An operator removed a dead letter, or returned it to a queue.</summary>
internal readonly record struct DeadLetterRemoved(long DeadNumber)
{
    public void Write(ByteWriter writer) => writer.Int64(DeadNumber);

    public static DeadLetterRemoved Read(ref ByteReader reader) => new(reader.Int64());
}

/// <summary>A short note stored by the gateway under a name; an empty one removes it.</summary>
internal readonly record struct Marked(string Name, string Note)
{
    public void Write(ByteWriter writer)
    {
        writer.Text(Name);
        writer.Text(Note);
    }

    public static Marked Read(ref ByteReader reader) => new(reader.Text(), reader.Text());
}

/// <summary>A group is unreadable: everything kept in it leaves its queues and the dead letters as damaged.</summary>
internal readonly record struct Quarantined(long Group, long AtUnixMs, string Why)
{
    public void Write(ByteWriter writer)
    {
        writer.Int64(Group);
        writer.Int64(AtUnixMs);
        writer.Text(Why);
    }

    public static Quarantined Read(ref ByteReader reader) => new(reader.Int64(), reader.Int64(), reader.Text());
}

/// <summary>A consumer had the message and did not complete it.</summary>
internal readonly record struct Returned(long Queue, long Number, int Deliveries, long NotBeforeUnixMs)
{
    public void Write(ByteWriter writer)
    {
        writer.Int64(Queue);
        writer.Int64(Number);
        writer.Int32(Deliveries);
        writer.Int64(NotBeforeUnixMs);
    }

    public static Returned Read(ref ByteReader reader) => new(reader.Int64(), reader.Int64(), reader.Int32(), reader.Int64());
}

/// <summary>The message left its queue for the dead letters; its bytes stay in place.</summary>
internal readonly record struct DeadLettered(long Queue, long Number, long DeadNumber, DeadLetterReason Reason, long AtUnixMs, string Text)
{
    public void Write(ByteWriter writer)
    {
        writer.Int64(Queue);
        writer.Int64(Number);
        writer.Int64(DeadNumber);
        writer.Byte((byte)Reason);
        writer.Int64(AtUnixMs);
        writer.Text(Text);
    }

    public static DeadLettered Read(ref ByteReader reader) =>
        new(reader.Int64(), reader.Int64(), reader.Int64(), (DeadLetterReason)reader.Byte(), reader.Int64(), reader.Text());
}
