using Gateway.Store;
using Gateway.Store.Disk.Log;
using Gateway.Store.Messages;
using Gateway.Store.Records;
using Gateway.Store.Snapshots;
using Shouldly;
using Xunit;
using static Gateway.Tests.Store.StoreCommands;

namespace Gateway.Tests.Store.Records;

/// <summary>The bytes of the store's format, each by its golden example; and bytes that are none of it.</summary>
public sealed class StoreCodecTests
{
    private const string Uuid = "0199 5B2E C0FF 7EEE 8ABC 0123 4567 89AB";

    private static readonly Guid _uuid = new("01995b2e-c0ff-7eee-8abc-0123456789ab");

    [Fact]
    public void Message_HasItsBytes()
    {
        var message = new Message
        {
            Id = new(_uuid),
            EnqueuedUnixMs = 0x0102030405060708,
            ExpiresUnixMs = 0x11,
            Source = "shöp",
            Headers = "{}"u8.ToArray(),
            Body = new byte[] { 0xB0, 0xB1, 0xB2 },
        };
        var bytes = new byte[MessageCodec.SizeBytes(message)];

        MessageCodec.Write(message, bytes);

        ShouldBe(bytes, $"{Uuid} 0807060504030201 1100000000000000 05 02000000 03000000 7368C3B670 7B7D B0B1B2");
        MessageCodec.TryRead(bytes, out var read).ShouldBeTrue();
        (read.Id, read.EnqueuedUnixMs, read.ExpiresUnixMs, read.Source)
            .ShouldBe((message.Id, message.EnqueuedUnixMs, message.ExpiresUnixMs, message.Source));
        read.Headers.ToArray().ShouldBe(message.Headers.ToArray());
        read.Body.ToArray().ShouldBe(message.Body.ToArray());
    }

    [Fact]
    public void Records_HaveTheirBytes()
    {
        ShouldBe(Written(new QueueMade(1, QueueId.Outgoing("a", "b"), 3).Write), "0100000000000000 01 0300000000000000 0300 614062");
        ShouldBe(Written(new QueueMade(258, QueueId.Inbound("é"), 0).Write), "0201000000000000 02 0000000000000000 0200 C3A9");
        ShouldBe(Written(new IdAccepted(_uuid, 0x8877665544332211, 0x0102).Write), $"{Uuid} 1122334455667788 0201000000000000");
        ShouldBe(Written(new PositionMoved(_uuid, "q", new StoredPosition(5, 0x01020304), 7).Write),
            $"{Uuid} 0100 71 0500000000000000 04030201 0700000000000000");
        ShouldBe(Written(new QueueNumber(3, 0x0201).Write), "0300000000000000 0102000000000000");
        ShouldBe(Written(new QueueForgotten(3).Write), "0300000000000000");
        ShouldBe(Written(new Returned(3, 4, 5, 6).Write), "0300000000000000 0400000000000000 05000000 0600000000000000");
        ShouldBe(Written(new DeadLettered(3, 4, 5, DeadLetterReason.Rejected, 6, "no").Write),
            "0300000000000000 0400000000000000 0500000000000000 02 0600000000000000 0200 6E6F");
        ShouldBe(Written(new DeadLettered(3, 4, 5, DeadLetterReason.Incomplete, 6, "").Write),
            "0300000000000000 0400000000000000 0500000000000000 06 0600000000000000 0000");
        ShouldBe(Written(new DeadLettered(3, 4, 5, DeadLetterReason.Unclaimed, 6, "").Write),
            "0300000000000000 0400000000000000 0500000000000000 07 0600000000000000 0000");
    }

    [Fact]
    public void Group_HasItsBytes()
    {
        var writer = new GroupWriter();
        new QueueNumber(3, 7).Write(writer.Begin(RecordKind.Removed));
        writer.End();

        ShouldBe(writer.Finish(0x0102), "47574731 0201000000000000 01000000 8600BE6C 06 10000000 0300000000000000 0700000000000000");
    }

    [Fact]
    public void Snapshot_HasItsBytes()
    {
        using var store = new TestStore(StoreEngine.Memory);
        store.Execute(Enqueue(Orders, Message(1, 3), Message(2, 3, expiresUnixMs: 0x55), Message(3, 3)), Inbound(_uuid, 0, 9));
        store.Execute(Complete(Orders, 1), Return(Jobs, 1, deliveries: 2, notBeforeUnixMs: 0x77), Reject(Orders, 3, "no"));

        var block = Snapshot.Write(store.State, 2).ShouldHaveSingleItem();

        ShouldBe(block.Bytes.ToArray(), """
            47574731 0200000000000000 0B000000 FFA1EBA0
            20 18000000 0200000000000000 0100000000000000 0200000000000000
            01 21000000 0000000000000000 01 0000000000000000 0E00 6F72646572734062696C6C696E67
            21 28000000 0000000000000000 0300000000000000 0000000000000000 00000000000000000000000000000000
            22 1C000000 0000000000000000 02 01 0F 35 5500000000000000 0500000000000000
            01 17000000 0100000000000000 02 0000000000000000 0400 6A6F6273
            21 28000000 0100000000000000 0100000000000000 0000000000000000 01995B2EC0FF7EEE8ABC0123456789AB
            22 0D000000 0100000000000000 02 01 04 A001
            08 1C000000 0100000000000000 0100000000000000 02000000 7700000000000000
            27 33000000 01995B2EC0FF7EEE8ABC0123456789AB 0000000000000000 0100000000000000 FA2FB50100000000 0400 6A6F6273 09 DF1B225C
            23 35000000 0100000000000000 0000000000000000 0300000000000000 0100000000000000 3500000000000000 02 00DC207497010000 0200 6E6F
            24 00000000
            """);
    }

    [Fact]
    public void Identity_HasItsBytes()
    {
        var blocks = new MemoryBlockStore();
        using var store = MessageStore.Open(blocks, new StoreSettings(), _uuid);

        ShouldBe(blocks.Read(new BlockId(BlockKind.Identity, 1))!, $"01000000 {Uuid} 634C09EB");
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void AnyBytes_AreAMessageOrNot_AndNeverAFailure(int seed)
    {
        var random = new Random(seed);
        var good = new byte[MessageCodec.SizeBytes(Message(3, 20))];
        MessageCodec.Write(Message(3, 20), good);
        for (var round = 0; round < 50_000; round++)
        {
            var bytes = random.Next(2) == 0 ? good.ToArray() : new byte[random.Next(100)];
            if (bytes.Length != good.Length) random.NextBytes(bytes);
            else bytes[random.Next(bytes.Length)] = (byte)random.Next(256);

            if (!MessageCodec.TryRead(bytes, out var message)) continue;
            (message.Headers.Length + message.Body.Length).ShouldBeLessThan(bytes.Length);
            message.Source.Length.ShouldBeInRange(1, 64);
        }
    }

    [Fact]
    public void AnyBytes_AreNoGroup()
    {
        var random = new Random(3);
        var group = new GroupWriter();
        new QueueNumber(3, 7).Write(group.Begin(RecordKind.Removed));
        group.End();
        var good = group.Finish(5);
        for (var round = 0; round < 50_000; round++)
        {
            var bytes = good.ToArray();
            bytes[random.Next(bytes.Length)] ^= (byte)random.Next(1, 256);
            GroupReader.TryOpen(bytes, 5, out _).ShouldBeFalse();
            GroupReader.TryOpen(bytes.AsSpan(0, random.Next(bytes.Length)), 5, out _).ShouldBeFalse();
        }

        GroupReader.TryOpen(good, 6, out _).ShouldBeFalse();
        GroupReader.TryOpen(good, 5, out _).ShouldBeTrue();
    }

    [Fact]
    public void RecordOfAnUnknownKind_IsRefused()
    {
        var blocks = new MemoryBlockStore();
        MessageStore.Open(blocks, new StoreSettings(), _uuid).Dispose();
        var group = new GroupWriter();
        group.Begin((RecordKind)99);
        group.End();
        blocks.Write([new Block(new BlockId(BlockKind.Group, 1), group.Finish(1))], []);

        Should.Throw<StoreFailedException>(() => MessageStore.Open(blocks, new StoreSettings(), _uuid)).Message.ShouldContain("kind 99");
    }

    private static byte[] Written(Action<ByteWriter> write)
    {
        var writer = new ByteWriter();
        write(writer);
        return writer.Take();
    }

    private static void ShouldBe(byte[] bytes, string hex) =>
        Convert.ToHexString(bytes).ShouldBe(string.Concat(hex.Where(char.IsAsciiHexDigit)));
}
