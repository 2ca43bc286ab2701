using System.Buffers.Binary;
using Gateway.Store.Disk;
using Gateway.Store.Disk.Files;
using Gateway.Store.Disk.Log;
using Gateway.Store.Disk.Pages;
using LiteDB;
using Shouldly;
using Xunit;

namespace Gateway.Tests.Store.Disk;

/// <summary>The log keeps what is new in each page, and gives whole pages back.</summary>
public sealed class LogStreamTests
{
    private static readonly Guid _volume = new("11223344-5566-7788-99aa-bbccddeeff00");

    /// <summary>Enough pages for two areas, and more of them than versions are kept of; some nearly as they were, some all new.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void EveryVersionOfEveryPage_IsReadBack_InAnyOrder(int seed)
    {
        var random = new Random(seed);
        var (disk, file) = Log();
        var log = new LogStream(file, new LogScan(_volume, 4, [], []));
        log.Barrier();
        log.BeginEpoch();
        var current = new Dictionary<uint, byte[]>();
        var written = new List<byte[]>();
        while (written.Count < 1_500)
        {
            var number = (uint)(random.Next(3) == 0 ? random.Next(4) : random.Next(100));
            var page = Next(random, number, current.GetValueOrDefault(number));
            current[number] = page;
            log.Position = written.Count * (long)PageFrame.PageSize;
            log.Write(page, 0, page.Length);
            written.Add(page);
            if (random.Next(10) == 0) log.Barrier();
            if (random.Next(10) == 0) ShouldHold(log, written, random.Next(written.Count));
        }

        log.Barrier();
        file.Length.ShouldBeGreaterThan(LogLayout.FirstArea + (2 * LogLayout.AreaBytes));
        for (var index = 0; index < written.Count; index++) ShouldHold(log, written, index);
        log.Check().ShouldBeEmpty();

        var found = LogScan.Read(file, _volume);
        (found.Epoch, found.PageCount, found.Torn.Count).ShouldBe((5, written.Count, 0));
        var again = new LogStream(file, found);
        for (var count = 0; count < 300; count++) ShouldHold(again, written, random.Next(written.Count));
        file.Dispose();
        disk["log"].IsFlushed.ShouldBeTrue();
    }

    [Fact]
    public void ABatchDamagedWhileItIsNeeded_IsNotReadAndIsNamed()
    {
        var random = new Random(3);
        var (disk, file) = Log();
        var log = new LogStream(file, new LogScan(_volume, 4, [], []));
        log.BeginEpoch();
        var first = Next(random, 7, null);
        log.Write(first, 0, first.Length);
        var second = Next(random, 7, first);
        log.Position = PageFrame.PageSize;
        log.Write(second, 0, second.Length);
        log.Barrier();

        disk["log"].Flip(LogLayout.PlaceOf(5, 0) + 300, 3);

        log.Check().ShouldHaveSingleItem().ShouldContain("is damaged");
        Should.Throw<CorruptPageException>(() => ShouldHold(log, [first, second], 1)).File.ShouldBe("log");
    }

    [Theory]
    [InlineData(1_150, 4_096)]
    [InlineData(16_500, 16_500 * 1.3)]
    [InlineData(262_200, 262_200 * 1.1)]
    public void ACommit_TakesLittleMoreThanWhatItHolds(int bodyBytes, double bytesMax)
    {
        const int commits = 60;
        var disk = new SimulatedDisk();
        using var volume = LiteVolume.Open(disk, "v");
        for (var number = 1; number <= commits; number++)
        {
            volume.Begin();
            volume.Engine.Insert("documents", [new ModelDocument(number, 1, bodyBytes).ToBson()], BsonAutoId.ObjectId);
            volume.Commit();
        }

        UsedPlace.In(disk.AfterPowerCut(new Random(1), newest: 1), "v.log").Where(place => place.Epoch is not null)
            .Sum(place => (double)LogLayout.WholeSectors(place.Length)).ShouldBeLessThan(commits * bytesMax);
        volume.Abandon();
    }

    /// <summary>Somebody sends the gateway's own files through it, in pieces of any alignment.</summary>
    [Fact]
    public void WhatLooksLikeABatchWithinADocument_IsADocument()
    {
        var disk = new SimulatedDisk();
        var workload = new VolumeWorkload(disk, seed: 31);
        using (var volume = LiteVolume.Open(disk, "v"))
        {
            for (var commit = 0; commit < 6; commit++) workload.Commit(volume);
            var log = new byte[40_000];
            disk["v.log"].Read(LogLayout.PlaceOf(1, 0), log);
            for (var shift = 0; shift < LogLayout.SectorSize; shift += 8)
            {
                volume.Begin();
                volume.Engine.Insert("copies", [new BsonDocument { ["_id"] = shift, ["d"] = log[shift..] }], BsonAutoId.ObjectId);
                volume.Commit();
                if (volume.IsCheckpointDue()) volume.Checkpoint();
            }

            volume.Abandon();
        }

        using var opened = LiteVolume.Open(disk, "v");
        VolumeWorkload.Read(opened).ShouldBe(workload.Stable);
        opened.Check().ShouldBeEmpty();
        opened.Abandon();
    }

    private static (SimulatedDisk Disk, IDiskFile File) Log()
    {
        var disk = new SimulatedDisk();
        var file = disk.Create("log");
        LogLayout.Reserve(file, LogLayout.LengthFor(1));
        file.Flush();
        return (disk, file);
    }

    private static byte[] Next(Random random, uint number, byte[]? former)
    {
        var page = former?.ToArray() ?? new byte[PageFrame.PageSize];
        if (former is null || random.Next(8) == 0)
        {
            random.NextBytes(page.AsSpan(random.Next(8_000)));
        }
        else
        {
            for (var change = random.Next(4); change >= 0; change--)
            {
                var offset = random.Next(32, 8_000);
                random.NextBytes(page.AsSpan(offset, random.Next(1, 190)));
            }
        }

        BinaryPrimitives.WriteUInt32LittleEndian(page, number);
        page[4] = 4;
        page[LogStream.ConfirmedOffset] = (byte)(random.Next(3) == 0 ? 1 : 0);
        return page;
    }

    private static void ShouldHold(LogStream log, List<byte[]> written, int index)
    {
        var page = new byte[PageFrame.PageSize];
        log.Position = index * (long)PageFrame.PageSize;
        log.ReadExactly(page);
        page.AsSpan().SequenceEqual(written[index]).ShouldBeTrue($"page {index}");
    }
}
