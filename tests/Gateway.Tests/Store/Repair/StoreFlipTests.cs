using System.Globalization;
using Gateway.Store;
using Gateway.Store.Disk.Log;
using Gateway.Store.Disk.Pages;
using Gateway.Store.Messages;
using Gateway.Tests.Store.Disk;
using Shouldly;
using Xunit;
using static Gateway.Tests.Store.StoreCommands;

namespace Gateway.Tests.Store.Repair;

/// <summary>
/// Every byte of a small store flipped, one at a time: the right data, or a refusal that names the repair, which then saves all but what it
/// lists. All bytes of a frame or batch are alike once its checksum has failed, and that it fails is tried for each of them; what is read
/// before the checksum, heads and file headers, is tried byte by byte with the whole store, the rest with a stride, which
/// GATEWAY_FLIP_STRIDE=1 makes every byte.
/// </summary>
[Kind(Kind.Slow)]
public sealed class StoreFlipTests
{
    private const int Seed = 20_250_702;
    private const string NewestLog = "groups-0000000000000000003.log";
    private const int BytesBeforeChecksum = PageFrame.HeadSize + 40;
    private const int FreeBytes = 32;

    private static readonly StoreSettings _settings = new() { SnapshotGroups = 1_000_000 };
    private static readonly int _stride =
        int.Parse(Environment.GetEnvironmentVariable("GATEWAY_FLIP_STRIDE") ?? "2203", CultureInfo.InvariantCulture);

    [Fact]
    public void EveryByteOfEveryFrameAndBatch_IsUnderItsChecksum()
    {
        var (disk, _) = Sample(StoreEnd.Closed);
        var (tried, accepted) = (0, 0);
        foreach (var (place, _) in Places(disk).Where(entry => entry.IsUsed))
        {
            var bytes = new byte[place.Length];
            disk[place.File].Read(place.Offset, bytes);
            IsWhole(bytes, place).ShouldBeTrue();
            for (var index = 0; index < bytes.Length; index++)
            {
                bytes[index] ^= (byte)(1 << (index % 8));
                accepted += IsWhole(bytes, place) ? 1 : 0;
                bytes[index] ^= (byte)(1 << (index % 8));
                tried++;
            }
        }

        accepted.ShouldBe(0);
        tried.ShouldBeGreaterThan(20 * PageFrame.Size);
    }

    [Theory]
    [InlineData(StoreEnd.Closed)]
    [InlineData(StoreEnd.Killed)]
    public void AnyByte_Flipped_GivesTheRightData_OrARefusalThatNamesTheRepair(StoreEnd end)
    {
        var (disk, contents) = Sample(end);
        var (served, refused) = (0, 0);
        foreach (var (place, isUsed) in Places(disk))
        {
            var isRepaired = false;
            foreach (var index in Bytes(place, isUsed))
            {
                var what = $"byte {index} of {place}";
                if (Serves(Flipped(disk, place, index), contents, MayLoseLast(end, place.File), what))
                {
                    served++;
                    continue;
                }

                refused++;
                if (isRepaired) continue;
                isRepaired = true;
                using var repaired = new RepairedStore(Flipped(disk, place, index), _settings);
                repaired.HoldsAllButWhatIsReported(contents, what);
                repaired.Report.Damage.ShouldNotBeEmpty();
            }
        }

        served.ShouldBeGreaterThan(0);
        refused.ShouldBeGreaterThan(0);
    }

    /// <summary>Nothing tells the damage in the log's last commit from a commit that was under way when the process was killed.</summary>
    private static bool MayLoseLast(StoreEnd end, string name) => end == StoreEnd.Killed && name is NewestLog;

    private static bool Serves(SimulatedDisk disk, Dictionary<(QueueId Queue, long Number), string> contents, bool mayLoseLast, string what)
    {
        try
        {
            var blocks = StoreDamage.Blocks(disk);
            try
            {
                var store = MessageStore.Open(blocks, _settings, TestStore.FirstId);
                store.StoreId.ShouldBe(TestStore.FirstId, what);
                if (mayLoseLast && store.State.Find(Orders)?.LastNumber == 3)
                    contents = contents.Where(entry => entry.Key.Number < 4).ToDictionary();
                StoreDamage.ServesTheRest(store, contents, what);
                return true;
            }
            finally
            {
                blocks.Abandon();
            }
        }
        catch (Exception e) when (e is StoreFailedException or StoreFormatException or CorruptPageException)
        {
            e.Message.ShouldContain("store repair", Case.Sensitive, what);
            return false;
        }
    }

    private static bool IsWhole(byte[] bytes, UsedPlace place) =>
        place.Epoch is null ? PageFrame.TryRead(bytes, out _) : LogBatch.TryRead(bytes, out _);

    private static IEnumerable<int> Bytes(UsedPlace place, bool isUsed)
    {
        var all = Enumerable.Range(0, place.Length);
        return isUsed ? all.Where(index => _stride == 1 || (index < BytesBeforeChecksum ? index % 5 == 0 : index % _stride == 0)) : all;
    }

    /// <summary>Two volumes with a few groups of each kind of record, in data files or in logs.</summary>
    private static (SimulatedDisk Disk, Dictionary<(QueueId Queue, long Number), string> Contents) Sample(StoreEnd end)
    {
        var disk = new SimulatedDisk();
        Dictionary<(QueueId Queue, long Number), string> contents = [];
        for (var group = 1; group <= 3; group += 2)
        {
            var blocks = StoreDamage.Blocks(disk);
            var store = MessageStore.Open(blocks, _settings with { VolumeBytes = 1 }, TestStore.FirstId);
            if (group > 1) store.Maintain();
            store.Execute([Enqueue(Orders, Message(group * 10, 2_000)), Inbound(TestStore.FirstId, group - 1, group)]);
            store.Execute([Enqueue(Orders, Message((group * 10) + 1, 9_000)), Inbound(TestStore.FirstId, group, group + 1)]);
            contents = StoreDamage.Contents(store);
            if (end == StoreEnd.Closed || group == 1) store.Close();
            blocks.Abandon();
        }

        if (end == StoreEnd.Closed)
        {
            foreach (var name in disk.List().Where(name => name.EndsWith(".data", StringComparison.Ordinal)).ToList())
                StoreDamage.SettleLog(disk, name[..^5]);
        }

        return (Copy(disk), contents);
    }

    /// <summary>Every place that is used, and of what is free in a log some bytes: it is all alike, zeros.</summary>
    private static List<(UsedPlace Place, bool IsUsed)> Places(SimulatedDisk disk)
    {
        var places = new List<(UsedPlace, bool)>();
        foreach (var name in disk.List().Where(
            name => name.EndsWith(".data", StringComparison.Ordinal) || name.EndsWith(".log", StringComparison.Ordinal)))
        {
            places.AddRange(UsedPlace.In(disk, name).Select(place => (place, true)));
            if (!name.EndsWith(".log", StringComparison.Ordinal)) continue;
            foreach (var end in new[] { LogLayout.FirstArea + LogLayout.AreaBytes, LogLayout.FirstArea + (2 * LogLayout.AreaBytes) })
                places.Add((new UsedPlace(name, end - FreeBytes, FreeBytes, null), false));
        }

        return places;
    }

    private static SimulatedDisk Flipped(SimulatedDisk disk, UsedPlace place, int index)
    {
        var damaged = Copy(disk);
        place.Flip(damaged, index, index % 8);
        return damaged;
    }

    private static SimulatedDisk Copy(SimulatedDisk disk) => disk.AfterPowerCut(new Random(Seed), newest: 1);
}
