using Gateway.Store.Disk;
using Gateway.Store.Disk.Log;
using LiteDB;
using Shouldly;
using Xunit;
using Model = System.Collections.Immutable.ImmutableSortedDictionary<int, Gateway.Tests.Store.Disk.ModelDocument>;

namespace Gateway.Tests.Store.Disk;

/// <summary>The power fails after each single operation of the disk, with a random choice of what was on it by then.</summary>
[Kind(Kind.Slow)]
public sealed class VolumeCrashTests
{
    private static readonly double[] _newestShares = [0, 0.5, 0.8, 0.95, 1];

    public static TheoryData<int> Seeds => CrashSeeds.Take(21);

    [Theory]
    [MemberData(nameof(Seeds))]
    public void AnyPowerCut_LosesNoCommitAndInventsNothing(int seed)
    {
        var images = Images(seed, steps: 60);

        TestContext.Current.TestOutputHelper?.WriteLine($"{images.Count} crash points");
        images.Count.ShouldBeGreaterThan(100);
        var random = new Random(seed);
        foreach (var image in images)
            Verify(image, random);
    }

    [Fact]
    public void PowerCutDuringRecovery_LosesNoCommitAndInventsNothing()
    {
        var verified = 0;
        foreach (var first in Images(seed: 4, steps: 30).Where((_, index) => index % 6 == 0))
        {
            var random = new Random(verified);
            var again = new List<Image>();
            first.Disk.AfterOperation = () => again.Add(first with { Disk = first.Disk.AfterPowerCut(random, random.NextDouble()) });
            LiteVolume.Open(first.Disk, "v").Abandon();
            foreach (var second in again)
                Verify(second, random);
            verified += again.Count;
        }

        verified.ShouldBeGreaterThan(100);
    }

    [Theory]
    [InlineData(11)]
    [InlineData(12)]
    public void AnyFailedOperation_LosesNoCommitAndStopsTheVolume(int seed)
    {
        const int steps = 10;
        var healthy = new SimulatedDisk();
        new VolumeWorkload(healthy, seed).Run(steps);

        for (var operation = 1; operation <= healthy.Operations; operation++)
        {
            var random = new Random(operation);
            var disk = new SimulatedDisk { FailAt = operation, Chance = random };
            var workload = new VolumeWorkload(disk, seed);

            Should.Throw<StoreFailedException>(() => workload.Run(steps), $"operation {operation}");

            Verify(new Image(disk.AfterPowerCut(random, random.NextDouble()), workload.Stable, workload.InFlight), random);
        }
    }

    private static List<Image> Images(int seed, int steps)
    {
        var images = new List<Image>();
        var random = new Random(seed);
        var disk = new SimulatedDisk();
        var workload = new VolumeWorkload(disk, seed);
        disk.AfterOperation = () =>
        {
            var share = _newestShares[random.Next(_newestShares.Length)];
            images.Add(new Image(disk.AfterPowerCut(random, share), workload.Stable, workload.InFlight));
        };
        workload.Run(steps);
        return images;
    }

    private static void Verify(Image image, Random random)
    {
        Model found;
        var extra = new ModelDocument(1_000_000, 1, random.Next(20_000));
        using (var volume = LiteVolume.Open(image.Disk, "v"))
        {
            found = VolumeWorkload.Read(volume);
            IsAllowed(found, image).ShouldBeTrue();

            // A commit on top of it, and all of the files: sampled, since it doubles the time.
            if (random.Next(5) > 0)
            {
                volume.Abandon();
                return;
            }

            volume.Check().ShouldBeEmpty();
            volume.Begin();
            volume.Engine.Insert("documents", [extra.ToBson()], BsonAutoId.ObjectId);
            volume.Commit();
            volume.Abandon();
        }

        // The blocks that recovery found must survive another cut at once, and so must that commit.
        using var later = LiteVolume.Open(image.Disk.AfterPowerCut(random, newest: 0), "v");
        VolumeWorkload.Read(later).ShouldBe(found.Add(extra.Id, extra));
        later.Abandon();
    }

    private static bool IsAllowed(Model found, Image image) =>
        found.SequenceEqual(image.Stable) || (image.InFlight is not null && found.SequenceEqual(image.InFlight));

    private sealed record Image(SimulatedDisk Disk, Model Stable, Model? InFlight);
}
