namespace Gateway.Tests.Transport.Zmtp;

/// <summary>
/// The bytes of real DEALER sockets, sent to a listener that answered as a router does and sent one PING with a context, recorded byte
/// for byte.
/// </summary>
internal static class ZmtpRecordings
{
    /// <summary>The mechanism NULL, as-server and the filler.</summary>
    private static readonly string _null = "4e554c4c" + new string('0', 96);

    /// <summary>NetMQ 4.0.4.5, by way of the gateway's own client: a HELLO and a PONG.</summary>
    public static byte[] NetMq { get; } = From(
        "ff00000000000000017f0300" + _null,
        "04290552454144590b536f636b65742d54797065000000064445414c4552084964656e7469747900000000",
        "010548454c4c4f01013100146761746577617920636f6d6d616e64206c696e65",
        "040904504f4e4761626364");

    /// <summary>
    /// pyzmq 24.0.1 on libzmq 4.3.4, with heartbeats and a time to live: HELLO, ENQUEUE with a body in a long frame, a PONG, PINGs.
    /// </summary>
    public static byte[] PyZmq { get; } = From(
        "ff00000000000000017f0301" + _null,
        "04290552454144590b536f636b65742d54797065000000064445414c4552084964656e7469747900000000",
        "010548454c4c4f010131000270790107454e5155455545010131010771406c6f63616c01000100010002000000000000012c",
        string.Concat(Enumerable.Repeat("78", 300)),
        "040904504f4e4761626364",
        "04070450494e47003204070450494e470032");

    /// <summary>The same with an identity of its own.</summary>
    public static byte[] PyZmqWithIdentity { get; } = From(
        "ff00000000000000037f0301" + _null,
        "042b0552454144590b536f636b65742d54797065000000064445414c4552084964656e74697479000000026d65",
        "010548454c4c4f010131000270790107454e5155455545010131010771406c6f63616c01000100010000023432",
        "04070450494e47003204070450494e470032");

    /// <summary>A C program on libzmq 4.3.4: a message of three frames, a PONG, PINGs.</summary>
    public static byte[] LibZmq { get; } = From(
        "ff00000000000000017f0301" + _null,
        "04290552454144590b536f636b65742d54797065000000064445414c4552084964656e7469747900000000",
        "010548454c4c4f010131000163",
        "040904504f4e4761626364",
        "04070450494e47000004070450494e470000");

    public static IReadOnlyList<byte[]> All { get; } = [NetMq, PyZmq, PyZmqWithIdentity, LibZmq];

    private static byte[] From(params string[] hex) => Convert.FromHexString(string.Concat(hex));
}
