using Gateway.Client.Wire;

namespace Gateway.Client;

/// <summary>How a <see cref="GatewayClient"/> reaches its gateway, and its limits. Read once, when the client is made.</summary>
public sealed class GatewayClientOptions
{
    /// <summary>
    /// Where the gateway of this host listens: <c>tcp://host:port</c>. A name is resolved for each connection, and each of its addresses
    /// gets its turn. Default <c>tcp://127.0.0.1:7420</c>.
    /// </summary>
    public string Address { get; set; } = "tcp://127.0.0.1:7420";

    /// <summary>
    /// A name for people, shown in the gateway's status and logs: 1 to 128 bytes of UTF-8. Default: the name of the process.
    /// </summary>
    public string ApplicationName { get; set; } = DefaultApplicationName();

    /// <summary>
    /// The secret by which the gateway knows what this application may do, at most 256 bytes of UTF-8. Default: none; a gateway without
    /// configured applications asks for none.
    /// </summary>
    public string Token { get; set; } = "";

    /// <summary>
    /// How long a call may take, waiting for a connection and repetitions included, before it fails. 10 ms to 1 day, default 30 s.
    /// </summary>
    public TimeSpan RequestTimeout { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>How often the gateway is asked for a sign of life. 100 ms to 1 minute, default 1 s.</summary>
    public TimeSpan HeartbeatInterval { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>
    /// After so long without a byte from the gateway the connection is given up and made anew. Longer than <see cref="HeartbeatInterval"/>,
    /// at most 5 minutes, default 5 s.
    /// </summary>
    public TimeSpan DeadAfter { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>
    /// How many calls may be unanswered at once; further callers wait. 1 to 1,000,000, default 10,000. Settling has a second bound of the
    /// same size.
    /// </summary>
    public int PendingRequestsMax { get; set; } = 10_000;

    /// <summary>
    /// How many bytes of bodies may be unanswered at once; further callers wait. A call that is larger by itself goes alone. At least 1,
    /// default 64 MiB.
    /// </summary>
    public long PendingBytesMax { get; set; } = 64 * 1024 * 1024;

    private static string DefaultApplicationName()
    {
        var name = Path.GetFileNameWithoutExtension(Environment.ProcessPath);
        return string.IsNullOrEmpty(name) ? "application" : WireText.Cut(name, RequestCodec.ApplicationBytesMax);
    }
}
