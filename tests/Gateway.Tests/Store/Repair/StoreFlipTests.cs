using System.Globalization;
using Gateway.Store;
using Gateway.Store.Disk;
using Gateway.Tests.Store.Disk;
using Shouldly;
using Xunit;
using static Gateway.Tests.Store.StoreCommands;

namespace Gateway.Tests.Store.Repair;

/// <summary>
/// Every byte of a small store flipped, one at a time: the right data, or a refusal that names the repair, which then saves all but what it lists. All bytes of a frame are alike once its
/// checksum has failed, and that it fails is tried for each of them; what is read before the checksum, heads and file headers, is tried byte by byte with the whole store, the rest with a
/// stride, which GATEWAY_FLIP_STRIDE=1 makes every byte.
/// </summary>
public sealed class StoreFlipTests
{
    private const int Seed = 20_250_702;
    private const string NewestLog = "groups-0000000000000000003.log";
    private const int BytesBeforeChecksum = PageFrame.HeadSize + 40;

    private static readonly StoreSettings _settings = new() { SnapshotGroups = 1_000_000 };
    private static readonly int _stride = int.Parse(Environment.GetEnvironmentVariable("GATEWAY_FLIP_STRIDE") ?? "2203", CultureInfo.InvariantCulture);

    [Fact]
    public void EveryByteOfEveryFrame_IsUnderItsChecksum()
    {
        var (disk, _) = Sample(StoreEnd.Closed);
        var frame = new byte[PageFrame.Size];
        var (tried, accepted) = (0, 0);
        foreach (var (name, number) in Frames(disk).Where(place => place.IsUsed).Select(place => (place.File, place.Frame)))
        {
            disk[name].Read(number * PageFrame.Size, frame);
            for (var index = 0; index < frame.Length; index++)
            {
                frame[index] ^= (byte)(1 << (index % 8));
                accepted += PageFrame.TryRead(frame, out _) ? 1 : 0;
                frame[index] ^= (byte)(1 << (index % 8));
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
        foreach (var (name, frame, isUsed) in Frames(disk))
        {
            var isRepaired = false;
            foreach (var index in Bytes(isUsed))
            {
                var damaged = Copy(disk);
                damaged[name].Flip((frame * PageFrame.Size) + index, index % 8);
                var what = $"byte {index} of frame {frame} of {name}";
                if (Serves(damaged, contents, MayLoseLast(end, name), what))
                {
                    served++;
                    continue;
                }

                refused++;
                if (isRepaired) continue;
                isRepaired = true;
                using var repaired = new RepairedStore(Flipped(disk, name, frame, index), _settings);
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
                if (mayLoseLast && store.State.Find(Orders)?.LastNumber == 3) contents = contents.Where(entry => entry.Key.Number < 4).ToDictionary();
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

    private static IEnumerable<int> Bytes(bool isUsed)
    {
        if (!isUsed) return [.. Enumerable.Range(0, PageFrame.HeadSize), PageFrame.HeadSize, PageFrame.Size - 1];
        return Enumerable.Range(0, BytesBeforeChecksum).Where(index => _stride == 1 || index % 5 == 0).Concat(Enumerable.Range(BytesBeforeChecksum, PageFrame.Size - BytesBeforeChecksum).Where(index => index % _stride == 0));
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
            foreach (var name in disk.List().Where(name => name.EndsWith(".data", StringComparison.Ordinal)).ToList()) StoreDamage.SettleLog(disk, name[..^5]);
        }

        return (Copy(disk), contents);
    }

    /// <summary>Every frame that is used, and of the free ones the first and the last of each area: they are all alike, zeros of which only the head is ever read.</summary>
    private static List<(string File, long Frame, bool IsUsed)> Frames(SimulatedDisk disk)
    {
        var frames = new List<(string, long, bool)>();
        var head = new byte[PageFrame.HeadSize];
        foreach (var name in disk.List().Where(name => name.EndsWith(".data", StringComparison.Ordinal) || name.EndsWith(".log", StringComparison.Ordinal)))
        {
            for (var frame = 0L; frame < disk[name].Length / PageFrame.Size; frame++)
            {
                disk[name].Read(frame * PageFrame.Size, head);
                var isUsed = head.AsSpan().ContainsAnyExcept((byte)0);
                if (isUsed || frame % LogLayout.AreaFrames is 0 or LogLayout.AreaFrames - 1) frames.Add((name, frame, isUsed));
            }
        }

        return frames;
    }

    private static SimulatedDisk Flipped(SimulatedDisk disk, string name, long frame, int index)
    {
        var damaged = Copy(disk);
        damaged[name].Flip((frame * PageFrame.Size) + index, index % 8);
        return damaged;
    }

    private static SimulatedDisk Copy(SimulatedDisk disk) => disk.AfterPowerCut(new Random(Seed), newest: 1);
}
