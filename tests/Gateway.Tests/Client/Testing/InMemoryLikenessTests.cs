using Xunit;

namespace Gateway.Tests.Client.Testing;

/// <summary>The gateway in memory says to each client what the real one says, whatever its clients ask.</summary>
public sealed class InMemoryLikenessTests
{
    private const int SeedMax = 1_500;
    private const int Steps = 80;
    private const int DeliveriesMax = 3;

    private static readonly DateTimeOffset _start = new(2030, 1, 1, 0, 0, 0, TimeSpan.Zero);

    [Fact]
    public void AnyRequests_AreAnsweredAlike()
    {
        for (var seed = 1; seed <= SeedMax; seed++)
            AreAnsweredAlike(new Random(seed), seed);
    }

    private static void AreAnsweredAlike(Random chance, int seed)
    {
        var (real, memory) = (new LikeReal(_start, DeliveriesMax), new LikeMemory(_start, DeliveriesMax));
        for (var at = 0; at < Steps; at++)
        {
            var step = new LikeStep(
                chance.Next(LikeStep.Kinds), chance.Next(LikeSide.Connections), chance.Next(LikeStep.Variants),
                chance.Next(LikeStep.Variants));
            var (expected, said) = (real.Do(step), memory.Do(step));
            if (said != expected)
                Assert.Fail($"With seed {seed}, after {at} steps, {step} is answered with\n{said}\nand by a real gateway with\n{expected}");
        }
    }
}
