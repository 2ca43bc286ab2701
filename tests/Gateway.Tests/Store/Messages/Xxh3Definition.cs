using System.Buffers.Binary;
using System.Numerics;

namespace Gateway.Tests.Store.Messages;

/// <summary>
/// XXH3 (64 bits, seed 0) as its specification defines it for up to 240 bytes, written without regard to speed and without the library
/// that the gateway uses.
/// </summary>
internal static class Xxh3Definition
{
    private const ulong Prime1 = 0x9E3779B185EBCA87;
    private const ulong Prime2 = 0xC2B2AE3D27D4EB4F;
    private const ulong Prime3 = 0x165667B19E3779F9;
    private const ulong Mixer1 = 0x165667919E3779F9;
    private const ulong Mixer2 = 0x9FB21C651E98DF25;

    private static readonly byte[] _secret = Convert.FromHexString(
        "b8fe6c3923a44bbe7c01812cf721ad1cded46de9839097db7240a4a4b7b3671fcb79e64eccc0e578825ad07dccff7221"
        + "b8084674f743248ee03590e6813a264c3c2852bb91c300cb88d0658b1b532ea371644897a20df94e3819ef46a9deacd8"
        + "a8fa763fe39c343ff9dcbbc7c70b4f1d8a51e04bcdb45931c89f7ec9d9787364eac5ac8334d3ebc3c581a0fffa1363eb"
        + "170ddd51b7f0da49d316552629d4689e2b16be587d47a1fc8ff8b8d17ad031ce45cb3a8f95160428afd7fbcabb4b407e");

    public static ulong Hash(byte[] input) => input.Length switch
    {
        0 => Scatter(Word(_secret, 56) ^ Word(_secret, 64)),
        <= 3 => OfUpTo3(input),
        <= 8 => OfUpTo8(input),
        <= 16 => OfUpTo16(input),
        <= 128 => OfUpTo128(input),
        <= 240 => OfUpTo240(input),
        _ => throw new ArgumentOutOfRangeException(nameof(input), "longer inputs have another rule, which is not written here"),
    };

    private static ulong OfUpTo3(byte[] input)
    {
        var length = input.Length;
        var combined = ((uint)input[0] << 16) | ((uint)input[length >> 1] << 24) | input[^1] | ((uint)length << 8);
        return Scatter(combined ^ (ulong)(HalfWord(_secret, 0) ^ HalfWord(_secret, 4)));
    }

    private static ulong OfUpTo8(byte[] input)
    {
        var (first, last) = (HalfWord(input, 0), HalfWord(input, input.Length - 4));
        var hash = (last + ((ulong)first << 32)) ^ Word(_secret, 8) ^ Word(_secret, 16);
        hash ^= BitOperations.RotateLeft(hash, 49) ^ BitOperations.RotateLeft(hash, 24);
        hash *= Mixer2;
        hash ^= (hash >> 35) + (ulong)input.Length;
        hash *= Mixer2;
        return hash ^ (hash >> 28);
    }

    private static ulong OfUpTo16(byte[] input)
    {
        var low = Word(input, 0) ^ Word(_secret, 24) ^ Word(_secret, 32);
        var high = Word(input, input.Length - 8) ^ Word(_secret, 40) ^ Word(_secret, 48);
        return Avalanche((ulong)input.Length + BinaryPrimitives.ReverseEndianness(low) + high + Fold(low, high));
    }

    private static ulong OfUpTo128(byte[] input)
    {
        var sum = (ulong)input.Length * Prime1;
        for (var pair = (input.Length - 1) / 32; pair >= 0; pair--)
            sum += Mix(input, 16 * pair, 32 * pair) + Mix(input, input.Length - (16 * (pair + 1)), (32 * pair) + 16);
        return Avalanche(sum);
    }

    private static ulong OfUpTo240(byte[] input)
    {
        var sum = (ulong)input.Length * Prime1;
        for (var piece = 0; piece < 8; piece++) sum += Mix(input, 16 * piece, 16 * piece);
        sum = Avalanche(sum);
        for (var piece = 8; piece < input.Length / 16; piece++) sum += Mix(input, 16 * piece, (16 * (piece - 8)) + 3);
        return Avalanche(sum + Mix(input, input.Length - 16, 119));
    }

    private static ulong Mix(byte[] input, int at, int secret) =>
        Fold(Word(input, at) ^ Word(_secret, secret), Word(input, at + 8) ^ Word(_secret, secret + 8));

    private static ulong Fold(ulong one, ulong other)
    {
        var product = (UInt128)one * other;
        return (ulong)product ^ (ulong)(product >> 64);
    }

    private static ulong Avalanche(ulong hash)
    {
        hash = (hash ^ (hash >> 37)) * Mixer1;
        return hash ^ (hash >> 32);
    }

    private static ulong Scatter(ulong hash)
    {
        hash = (hash ^ (hash >> 33)) * Prime2;
        hash = (hash ^ (hash >> 29)) * Prime3;
        return hash ^ (hash >> 32);
    }

    private static ulong Word(byte[] bytes, int at) => BinaryPrimitives.ReadUInt64LittleEndian(bytes.AsSpan(at));

    private static uint HalfWord(byte[] bytes, int at) => BinaryPrimitives.ReadUInt32LittleEndian(bytes.AsSpan(at));
}
