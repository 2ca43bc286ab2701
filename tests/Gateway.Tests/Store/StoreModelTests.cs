using Gateway.Store.Messages;
using Gateway.Tests.Store.Disk;
using Shouldly;
using Xunit;

namespace Gateway.Tests.Store;

/// <summary>
/// The store beside its model: random groups of commands, random ends, small snapshots. To replay a seed that fails, run this one test with
/// it.
/// </summary>
[Kind(Kind.Slow)]
public sealed class StoreModelTests
{
    [Theory]
    [InlineData(StoreEngine.Memory, 1, 300)]
    [InlineData(StoreEngine.Memory, 2, 300)]
    [InlineData(StoreEngine.Memory, 3, 300)]
    [InlineData(StoreEngine.Memory, 4, 300)]
    [InlineData(StoreEngine.Memory, 5, 300)]
    [InlineData(StoreEngine.Memory, 6, 300)]
    [InlineData(StoreEngine.Lite, 11, 150)]
    [InlineData(StoreEngine.Lite, 12, 150)]
    [InlineData(StoreEngine.Lite, 13, 150)]
    public void RandomCommands_GiveWhatTheModelGives(StoreEngine engine, int seed, int groups)
    {
        var random = new Random(seed);
        var settings = new StoreSettings
        {
            AcceptedIdsMax = random.Next(5, 60),
            AcceptedIdsAge = TimeSpan.FromSeconds(random.Next(2, 60)),
            SnapshotGroups = random.Next(3, 11),
            SnapshotBytes = random.Next(10_000, 2_000_000),
            VolumeBytes = random.Next(50_000, 1_500_000),
            ReadCacheBytes = random.Next(2) * 1_000_000,
        };
        // In every second run each queue that is empty is forgotten, and comes back with other numbers.
        if (seed % 2 == 0) settings = settings with { EmptyQueuesKept = 0 };
        var model = new StoreModel(settings.AcceptedIdsMax, settings.AcceptedIdsAge, forgetsEmpty: seed % 2 == 0);
        var workload = new StoreWorkload(random);
        using var store = new TestStore(engine, settings, new SimulatedDisk());
        for (var step = 1; step <= groups; step++)
        {
            model.BeginGroup();
            var group = workload.NextGroup(model);
            store.Execute(group.Select(operation => operation.Command).ToList());
            foreach (var operation in group)
                operation.Result().ShouldBe(operation.Expect(model), $"seed {seed}, group {step}, {operation.Command.GetType().Name}");
            model.EndGroup();

            if (random.Next(12) == 0) store.Reopen((StoreEnd)random.Next(3));
            var (messagesMax, bytesMax) = random.Next(10) == 0 ? (random.Next(1, 20), random.Next(1, 400_000)) : (1000, int.MaxValue);
            StoreModel.ViewOf(store.Store, messagesMax, bytesMax).ShouldBe(model.View(), $"seed {seed}, group {step}");
        }
    }
}
