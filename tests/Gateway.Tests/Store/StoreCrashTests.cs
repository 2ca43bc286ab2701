using Gateway.Store.Disk.Log;
using Gateway.Store.Messages;
using Gateway.Tests.Store.Disk;
using Shouldly;
using Xunit;

namespace Gateway.Tests.Store;

/// <summary>
/// The power fails after each single operation of the disk, or one of them fails. What was confirmed must be there, what was under way
/// whole or not at all, and the store must go on from there: a number that was seen is not given again.
/// </summary>
[Kind(Kind.Slow)]
public sealed class StoreCrashTests
{
    /// <summary>Of so many crash points one is looked at in every way; of the others it is enough that they hold what they must.</summary>
    private const int FullEvery = 4;

    private static readonly double[] _newestShares = [0, 0.5, 0.9, 1];

    private static readonly StoreSettings _settings = new()
    {
        AcceptedIdsMax = 25,
        AcceptedIdsAge = TimeSpan.FromSeconds(8),
        SnapshotGroups = 5,
        SnapshotBytes = 200_000,
        VolumeBytes = 400_000,
        ReadCacheBytes = 300_000,
    };

    public static TheoryData<int> Seeds => CrashSeeds.Take(10);

    [Theory]
    [MemberData(nameof(Seeds))]
    public void AnyPowerCut_LosesNothingConfirmedAndInventsNothing(int seed)
    {
        var random = new Random(seed);
        var crashPoints = 0;
        var images = new List<Image>();
        var disk = new SimulatedDisk();
        var run = new Script(disk, seed);
        disk.AfterOperation = () => images.Add(run.Image(disk.AfterPowerCut(random, _newestShares[random.Next(_newestShares.Length)])));

        // The images of one group at a time: those of a whole run would take gigabytes.
        run.Execute(groups: 22, afterGroup: VerifyImages);
        VerifyImages();

        crashPoints.ShouldBeGreaterThan(100);
        TestContext.Current.TestOutputHelper?.WriteLine($"{crashPoints} crash points");

        void VerifyImages()
        {
            foreach (var image in images) Verify(image, $"seed {seed}, operation {++crashPoints}", isFull: crashPoints % FullEvery == 0);
            images.Clear();
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void AnyFailedOperation_StopsTheStoreAndLosesNothingConfirmed(bool staysFailed)
    {
        const int seed = 31;
        const int groups = 14;
        var healthy = new SimulatedDisk();
        new Script(healthy, seed).Execute(groups);

        for (var operation = 1; operation <= healthy.Operations; operation++)
        {
            var random = new Random(operation);
            var disk = new SimulatedDisk { FailAt = operation, StaysFailed = staysFailed, Chance = random };
            var run = new Script(disk, seed);

            Should.Throw<StoreFailedException>(() => run.Execute(groups), $"operation {operation}");

            Verify(run.Image(disk.AfterPowerCut(random, random.NextDouble())), $"operation {operation}");
        }

        // An engine that failed half way must leave nothing behind whose finalizer ends the process.
        GC.Collect();
        GC.WaitForPendingFinalizers();
    }

    [Fact]
    public void AnyFailedRead_StopsTheStoreAndLosesNothingConfirmed()
    {
        const int seed = 31;
        const int groups = 14;
        const int samples = 60;
        var healthy = new SimulatedDisk();
        new Script(healthy, seed).Execute(groups);

        for (var sample = 1; sample <= samples; sample++)
        {
            var random = new Random(sample);
            var disk = new SimulatedDisk { FailReadAt = random.Next(1, healthy.Reads + 1) };
            var run = new Script(disk, seed);

            Should.Throw<StoreFailedException>(() => run.Execute(groups), $"read {disk.FailReadAt}");

            Verify(run.Image(disk.AfterPowerCut(random, random.NextDouble())), $"read {disk.FailReadAt}");
        }
    }

    [Fact]
    public void FailureOrPowerCut_InACommitLargerThanTheEnginesTransaction_LeavesAllOrNothing()
    {
        var messages = Enumerable.Range(1, 50).Select(seed => StoreCommands.Message(seed, 250_000)).ToList();
        var outcomes = new HashSet<int>();
        for (var operation = 1; ; operation += 150)
        {
            var disk = new SimulatedDisk();
            var store = new TestStore(StoreEngine.Lite, _settings, disk);
            disk.FailAt = disk.Operations + operation;
            var failed = Record.Exception(() => store.Store.Execute([StoreCommands.Enqueue(StoreCommands.Orders, messages)]));
            if (failed is null)
            {
                store.Dispose();
                break;
            }

            failed.ShouldBeOfType<StoreFailedException>($"operation {operation}");
            store.End(StoreEnd.Disposed);
            using var later = new TestStore(StoreEngine.Lite, _settings, disk.AfterPowerCut(new Random(operation), 0.9));
            outcomes.Add(StoreCommands.Numbers(later.Store, StoreCommands.Orders).Count);
        }

        outcomes.ShouldNotBeEmpty();
        outcomes.ShouldBeSubsetOf([0, messages.Count]);
    }

    private static void Verify(Image image, string where, bool isFull = true)
    {
        using var store = new TestStore(StoreEngine.Lite, image.Settings, image.Disk);
        var found = StoreModel.ViewOf(store.Store, 1000, int.MaxValue);
        var isInFlight = image.InFlight is { } inFlight && found.SequenceEqual(inFlight.View());
        if (!isInFlight) found.ShouldBe(image.Stable.View(), where);

        // A volume begun and not finished has left no file behind; one made ahead is there whole, or not at all.
        var volumes = store.Blocks.Volumes.Select(volume => $"groups-{volume.FirstGroup:D19}").Append("ids")
            .Concat(image.Disk.Exists("next.data") ? ["next"] : []);
        image.Disk.List().ShouldBe(volumes.SelectMany(name => new[] { name + ".data", name + ".log" }), ignoreOrder: true, where);

        if (!isFull)
        {
            store.End(StoreEnd.Killed);
            return;
        }

        // It takes and keeps new messages: numbers and positions go on from where they were.
        var model = (isInFlight ? image.InFlight! : image.Stable).Copy();
        model.BeginGroup();
        var message = StoreCommands.Message(1_000_000);
        var enqueue = StoreCommands.Enqueue(StoreCommands.Orders, message);
        var inbound = StoreCommands.Inbound(Guid.Empty, 0, 1_000_001);
        store.Execute(enqueue, inbound);
        model.Enqueue([StoreCommands.Orders], [new(message, 1)], StoreCommands.Noon);
        model.StoreInbound(Guid.Empty, StoreCommands.Jobs.Name, 0, [new(1_000_001, StoreCommands.Message(1_000_001))]);
        model.EndGroup();
        StoreModel.ViewOf(store.Store, 1000, int.MaxValue).ShouldBe(model.View(), where);
    }

    /// <summary>The disk at some moment, and the messages that may be found on it.</summary>
    private sealed record Image(SimulatedDisk Disk, StoreSettings Settings, StoreModel Stable, StoreModel? InFlight);

    /// <summary>A workload on a store, with the model of what is confirmed and of what is under way.</summary>
    private sealed class Script(SimulatedDisk disk, int seed)
    {
        private readonly Random _random = new(seed);
        /// <summary>In every second script each queue that is empty is forgotten.</summary>
        private readonly StoreSettings _settings = seed % 2 == 0 ? StoreCrashTests._settings with
        { EmptyQueuesKept = 0 } : StoreCrashTests._settings;
        private StoreModel _stable = new(StoreCrashTests._settings.AcceptedIdsMax, StoreCrashTests._settings.AcceptedIdsAge,
            forgetsEmpty: seed % 2 == 0);
        private StoreModel? _inFlight;

        public Image Image(SimulatedDisk after) => new(after, _settings, _stable, _inFlight);

        public void Execute(int groups, Action? afterGroup = null)
        {
            var workload = new StoreWorkload(_random);
            var store = new TestStore(StoreEngine.Lite, _settings, disk);
            try
            {
                for (var step = 0; step < groups; step++)
                {
                    Execute(store, workload);
                    if (_random.Next(10) == 0) store.Reopen((StoreEnd)_random.Next(3));
                    afterGroup?.Invoke();
                }
            }
            finally
            {
                store.End(StoreEnd.Killed);
            }
        }

        private void Execute(TestStore store, StoreWorkload workload)
        {
            var next = _stable.Copy();
            next.BeginGroup();
            var group = workload.NextGroup(next);
            var expected = group.Select(operation => operation.Expect(next)).ToList();
            next.EndGroup();

            _inFlight = next;
            store.Store.Execute(group.Select(operation => operation.Command).ToList());
            _stable = next;
            _inFlight = null;

            group.Select(operation => operation.Result()).ShouldBe(expected);
            store.Store.Maintain();
        }
    }
}
