namespace Gateway.Kernel;

/// <summary>
/// Numbers issued by one run and later presented by others, such as delivery tokens. Each run starts at a different place, so that a number
/// of an earlier run is unknown instead of having another meaning.
/// </summary>
internal static class RunNumbers
{
    private const int CountBits = 32;

    /// <summary>Large enough that two runs collide once in a thousand million pairs, small enough that no count overflows.</summary>
    private const long RunBits = 0x3FFF_FFFF;

    /// <summary>The start of the run's rising numbers.</summary>
    public static long BeginOf(Guid incarnation) => (BitConverter.ToInt64(incarnation.ToByteArray()) & RunBits) << CountBits;
}
