using CsCheck;

namespace Gateway.Tests.Client.Wire;

/// <summary>Frames that are random, and golden ones with a frame removed, repeated, cut, or overwritten with random bytes.</summary>
internal static class HostileFrames
{
    public static Gen<byte[][]> All(IEnumerable<string> golden)
    {
        byte[][][] seeds = [.. golden.Select(GoldenFrames.Split)];
        var random = Gen.Byte.Array[0, 40].Array[0, 12];
        var mutated = Gen.Select(Gen.Int[0, seeds.Length - 1], Gen.Int[0, 3], Gen.Int[0, 1000], Gen.Byte.Array[0, 40])
            .Select((seed, kind, at, noise) => Mutate(seeds[seed], kind, at, noise));
        return Gen.OneOf(random, mutated);
    }

    private static byte[][] Mutate(byte[][] frames, int kind, int at, byte[] noise)
    {
        var i = at % frames.Length;
        return kind switch
        {
            0 => [.. frames[..i], .. frames[(i + 1)..]],
            1 => [.. frames[..i], frames[i], .. frames[i..]],
            2 => [.. frames[..i], frames[i][..(frames[i].Length / 2)], .. frames[(i + 1)..]],
            _ => [.. frames[..i], noise, .. frames[(i + 1)..]],
        };
    }
}
