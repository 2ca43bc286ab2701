using System.Buffers.Binary;
using Gateway.Store.Disk;
using Gateway.Store.Disk.Pages;
using LiteDB;
using Shouldly;
using Xunit;

namespace Gateway.Tests.Store.Disk;

/// <summary>Bytes changed on disk behind our back, and files that are not ours to open.</summary>
public sealed class VolumeDamageTests
{
    [Fact]
    public void AnyDataPage_WithAFlippedBit_IsReportedAndNeverReturned()
    {
        var (disk, workload) = Closed();
        var pages = (int)(disk["v.data"].Length / PageFrame.Size);
        var refusals = 0;
        for (var page = 1; page < pages; page++)
        {
            var damaged = disk.AfterPowerCut(new Random(page), newest: 1);
            damaged["v.data"].Flip((page * (long)PageFrame.Size) + (page * 977 % PageFrame.Size), page % 8);
            refusals += ReadsRightOrRefuses(damaged, workload) ? 0 : 1;
        }

        refusals.ShouldBeGreaterThan(pages / 2);
    }

    [Fact]
    public void Check_NamesTheDamagedPage()
    {
        var (disk, _) = Closed();
        using var volume = LiteVolume.Open(disk, "v");
        volume.Check().ShouldBeEmpty();

        disk["v.data"].Flip((3L * PageFrame.Size) + 5000, bit: 2);

        volume.Check().ShouldHaveSingleItem().ShouldBe("v.data: page 2 is damaged");
        volume.Abandon();
    }

    [Fact]
    public void AnyLogBatch_WithAFlippedBit_CostsAtMostTheLastCommit()
    {
        var disk = new SimulatedDisk();
        var workload = new VolumeWorkload(disk, seed: 21);
        var beforeLast = workload.Stable;
        using (var volume = LiteVolume.Open(disk, "v"))
        {
            for (var commit = 0; commit < 6; commit++)
            {
                beforeLast = workload.Stable;
                workload.Commit(volume);
            }

            volume.Abandon();
        }

        var refused = 0;
        foreach (var place in UsedPlace.In(disk, "v.log"))
        {
            var damaged = disk.AfterPowerCut(new Random(1), newest: 1);
            place.Flip(damaged, 1000, bit: 5);
            try
            {
                using var volume = LiteVolume.Open(damaged, "v");
                VolumeWorkload.Read(volume).ShouldBe(beforeLast);
                volume.Abandon();
            }
            catch (CorruptPageException)
            {
                refused++;
            }
        }

        refused.ShouldBeGreaterThan(5);
    }

    /// <summary>
    /// All of it is in the data file already; the pages that are left in the log are older than what a checkpoint has written.
    /// </summary>
    [Fact]
    public void TheEndOfALog_DamagedAfterAnOrderlyClose_TakesNoPageBack()
    {
        var disk = new SimulatedDisk();
        var workload = new VolumeWorkload(disk, seed: 22);
        using (var volume = LiteVolume.Open(disk, "v"))
        {
            for (var commit = 0; commit < 6; commit++)
                workload.Commit(volume);
        }

        var used = UsedPlace.In(disk, "v.log");
        used.RemoveAll(place => place.Epoch is null || place.Epoch < used.Max(other => other.Epoch));
        for (var cut = 1; cut < used.Count; cut++)
        {
            var damaged = disk.AfterPowerCut(new Random(1), newest: 1);
            foreach (var place in used.TakeLast(cut))
                place.Flip(damaged, 1000, bit: 5);
            using var volume = LiteVolume.Open(damaged, "v");
            VolumeWorkload.Read(volume).ShouldBe(workload.Stable, $"without the last {cut} batches");
            volume.Abandon();
        }
    }

    [Theory]
    [InlineData("v.data")]
    [InlineData("v.log")]
    public void NewerVersion_IsRefusedWithBothVersions(string file)
    {
        var (disk, _) = Closed();
        var version = new byte[4];
        BinaryPrimitives.WriteInt32LittleEndian(version, 7);
        disk[file].Write(PageFrame.HeadSize + 16, version);

        var refused = Should.Throw<StoreFormatException>(() => LiteVolume.Open(disk, "v"));

        refused.Message.ShouldContain("version 7");
        refused.Message.ShouldContain("up to 1");
    }

    [Theory]
    [InlineData("v.data")]
    [InlineData("v.log")]
    public void MissingFile_OfAVolumeInUse_IsNotReplacedByANewOne(string file)
    {
        var (disk, _) = Closed();
        disk.Delete(file);

        Should.Throw<StoreFormatException>(() => LiteVolume.Open(disk, "v")).Message.ShouldContain(file);
    }

    [Fact]
    public void LogOfAnotherVolume_IsRefused()
    {
        var (disk, _) = Closed();
        using (LiteVolume.Open(disk, "other"))
            disk.Delete("v.log");
        disk.Rename("other.log", "v.log");

        Should.Throw<StoreFormatException>(() => LiteVolume.Open(disk, "v")).Message.ShouldContain("different volumes");
    }

    private static (SimulatedDisk Disk, VolumeWorkload Workload) Closed()
    {
        var disk = new SimulatedDisk();
        var workload = new VolumeWorkload(disk, seed: 20);
        using (var volume = LiteVolume.Open(disk, "v"))
        {
            for (var commit = 0; commit < 12; commit++)
                workload.Commit(volume);

            // The next open writes again what the last epoch holds, and so repairs it; here that is to be little.
            volume.Checkpoint();
            volume.Begin();
            volume.Engine.Insert("marker", [new BsonDocument { ["_id"] = 1 }], BsonAutoId.ObjectId);
            volume.Commit();
        }

        return (disk, workload);
    }

    private static bool ReadsRightOrRefuses(SimulatedDisk disk, VolumeWorkload workload)
    {
        LiteVolume? volume = null;
        try
        {
            volume = LiteVolume.Open(disk, "v");
            VolumeWorkload.Read(volume).ShouldBe(workload.Stable);
            return true;
        }
        catch (CorruptPageException)
        {
            return false;
        }
        finally
        {
            volume?.Abandon();
        }
    }
}
