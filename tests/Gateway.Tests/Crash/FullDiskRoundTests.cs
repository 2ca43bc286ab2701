using Gateway.Store;
using Gateway.Store.Blocks;
using Gateway.Store.Commands;
using Gateway.Store.Disk.Files;
using Gateway.Store.Messages;
using Gateway.Tests.Store;
using Microsoft.Extensions.Logging.Abstractions;
using Shouldly;
using Xunit;

namespace Gateway.Tests.Crash;

/// <summary>
/// A small file system that is filled again and again, in every way and at any moment, while a store on it takes, completes, purges and
/// is opened again. So many rounds as GATEWAY_FULL_DISK_ROUNDS says, from the seed
/// GATEWAY_FULL_DISK_SEED on; tests/soak.sh runs many.
/// </summary>
[Kind(Kind.Process)]
[Needs("root")]
public sealed class FullDiskRoundTests : ProcessTest
{
    private const int Steps = 400;
    private const int BodyBytesMax = 120_000;

    private static readonly StoreSettings _settings = new()
    { VolumeBytes = 8 << 20, DiskReserveBytes = (8 << 20) + StoreSettings.KeptBackBytes };

    [Fact]
    public async Task Nothing_that_was_accepted_is_lost_and_nothing_ends()
    {
        var rounds = Setting("GATEWAY_FULL_DISK_ROUNDS", 6);
        var first = Setting("GATEWAY_FULL_DISK_SEED", 1);
        for (var seed = first; seed < first + rounds; seed++)
        {
            await using var disk = await TinyFileSystem.MountAsync(Path.Combine(Folder, $"tiny-{seed}"), 100, inodes: 60);
            Round(disk, new Random(seed), $"round with seed {seed}");
        }
    }

    private static void Round(TinyFileSystem disk, Random random, string round)
    {
        var expected = new SortedSet<long>();
        var store = Open(disk);
        for (var step = 1; step <= Steps; step++)
        {
            switch (random.Next(40))
            {
                case 0:
                    disk.FillUp();
                    break;
                case 1:
                    disk.RemoveFiller();
                    break;
                case 2 when !disk.HasTakenInodes:
                    disk.TakeInodes();
                    break;
                case 3 when disk.HasTakenInodes:
                    disk.GiveInodesBack();
                    break;
                case 4:
                    if (random.Next(2) == 0) store.Close();
                    else store.Dispose();
                    store = Open(disk);
                    break;
                case < 12 when expected.Count > 0:
                    Remove(store, expected, random, round);
                    break;
                default:
                    var enqueue = StoreCommands.Enqueue(StoreCommands.Jobs, StoreCommands.Message(step, random.Next(BodyBytesMax)));
                    Execute(store, enqueue, round);
                    foreach (var placed in enqueue.Placed) expected.Add(placed.Message.Number);
                    break;
            }
        }

        disk.FillUp();
        StoreCommands.Numbers(store, StoreCommands.Jobs).SequenceEqual(expected).ShouldBeTrue(round);
        while (expected.Count > 0) Remove(store, expected, random, round);
        store.Check().ShouldBeEmpty(round);
        store.Dispose();
    }

    /// <summary>Completes the first one, or purges some.</summary>
    private static void Remove(MessageStore store, SortedSet<long> expected, Random random, string round)
    {
        var numbers = expected.Take(random.Next(3) == 0 ? random.Next(1, 20) : 1).ToList();
        Execute(store, numbers.Count == 1 ? StoreCommands.Complete(
            StoreCommands.Jobs, numbers[0]) : new PurgeCommand(StoreCommands.Jobs, numbers, _ => { }), round);
        expected.ExceptWith(numbers);
    }

    private static void Execute(MessageStore store, StoreCommand command, string round)
    {
        store.ExecuteWhatCan([command]).ShouldBeEmpty(round);
        store.Maintain();
    }

    private static MessageStore Open(TinyFileSystem disk) =>
        MessageStore.Open(new LiteBlockStore(new FileDisk(disk.Path), NullLoggerFactory.Instance, StoreSettings.KeptBackBytes),
            _settings, Guid.Empty);

    private static int Setting(string name, int usual) => Environment.GetEnvironmentVariable(name) is
    { Length: > 0 } text ? int.Parse(text, System.Globalization.CultureInfo.InvariantCulture) : usual;
}
