using Gateway.Store.Disk.Log;
using Gateway.Store.Disk.Pages;
using Shouldly;
using Xunit;

namespace Gateway.Tests.Store.Disk;

public sealed class LogBatchTests
{
    private static readonly Guid _volume = new("11223344-5566-7788-99aa-bbccddeeff00");

    [Fact]
    public void AKnownBatch_HasTheGoldenBytes()
    {
        var batch = Batch(out _);

        Convert.ToHexString(batch).ShouldBe(
            "112233445566778899AABBCCDDEEFF00" + "AC000000" + Convert.ToHexString(batch.AsSpan(20, 4)) + "0500000000000000"
                + "0006000000000000" + "02000000" + "02000000" + "01000000" + "00000000"
            + "07000000" + "00000000" + "3000" + "00002000" + new string('0', 64) + "00080800" + "0102030405060708"
            + "07000000" + "03000000" + "3000" + "00002000" + new string('0', 64) + "00080800" + "0102030405060709");
    }

    [Fact]
    public void TryRead_WholeBatch_GivesTheHeadAndThePages()
    {
        var batch = Batch(out var written);

        LogBatch.TryRead(batch, out var head).ShouldBeTrue();
        head.ShouldBe(written);
        head.End.ShouldBe(written.Offset + 512);
        LogBatch.Entries(batch, head).ShouldBe([new LogEntry(66, 48, 7, -1), new LogEntry(124, 48, 7, 2)]);
    }

    [Fact]
    public void TryRead_AnyByteChanged_OrCut_Refuses()
    {
        var batch = Batch(out _);
        var accepted = 0;
        for (var index = 0; index < batch.Length; index++)
        {
            batch[index] ^= 0x10;
            accepted += LogBatch.TryRead(batch, out _) ? 1 : 0;
            batch[index] ^= 0x10;
            accepted += LogBatch.TryRead(batch.AsSpan(0, index), out _) ? 1 : 0;
        }

        accepted.ShouldBe(0);
    }

    [Fact]
    public void LengthAt_IsForThatPlaceAlone()
    {
        var batch = Batch(out var head);

        LogBatch.LengthAt(batch, parity: 1, head.Offset).ShouldBe(batch.Length);
        LogBatch.LengthAt(batch, parity: 0, head.Offset).ShouldBe(0);
        LogBatch.LengthAt(batch, parity: 1, head.Offset + 512).ShouldBe(0);
    }

    /// <summary>Two versions of one page: the first from zeros, the next differing in one byte of a word.</summary>
    private static byte[] Batch(out LogBatchHead head)
    {
        var (former, page) = (new byte[PageFrame.PageSize], new byte[PageFrame.PageSize]);
        new byte[] { 1, 2, 3, 4, 5, 6, 7, 8 }.CopyTo(former, 0x800);
        new byte[] { 1, 2, 3, 4, 5, 6, 7, 9 }.CopyTo(page, 0x800);
        var batch = new byte[LogBatch.HeadSize + (2 * (LogBatch.EntrySize + 48))];
        var room = new byte[LogBatch.EntrySize + PageDelta.BytesMax];
        var length = LogBatch.HeadSize;
        foreach (var (index, bytes, before) in new[] { (-1L, former, Array.Empty<byte>()), (2L, page, former) })
        {
            var written = LogBatch.WriteEntry(room, 7, index, bytes, before);
            room.AsSpan(0, written).CopyTo(batch.AsSpan(length));
            length += written;
        }

        length.ShouldBe(batch.Length);
        head = new LogBatchHead(length, Epoch: 5, Offset: 1_536, FirstPage: 2, Pages: 2, Flushed: 1);
        LogBatch.WriteHead(batch, _volume, head);
        return batch;
    }
}
