namespace Gateway.Kernel;

/// <summary>
/// Numbers that one run gives and others show to it again, such as the tokens of deliveries: each run begins at a place of its own, so that
/// a number of a former run is unknown here instead of meaning something else.
/// </summary>
internal static class RunNumbers
{
    private const int CountBits = 32;

    /// <summary>So many that two runs have the same part once in a thousand million pairs of them, and that no count overflows.</summary>
    private const long RunBits = 0x3FFF_FFFF;

    /// <summary>The numbers of the run rise from here.</summary>
    public static long BeginOf(Guid incarnation) => (BitConverter.ToInt64(incarnation.ToByteArray()) & RunBits) << CountBits;
}
