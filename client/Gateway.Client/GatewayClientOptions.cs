using Gateway.Client.Wire;

namespace Gateway.Client;

/// <summary>The address of the gateway and the limits of a <see cref="GatewayClient"/>. Read once, when the client is created.</summary>
public sealed class GatewayClientOptions
{
    /// <summary>Where a gateway listens for applications if its configuration names nothing else.</summary>
    internal const string DefaultAddress = "tcp://127.0.0.1:7420";

    /// <summary>
    /// The address on which the gateway of this host listens: <c>tcp://host:port</c>. A host name is resolved for each connection, and its
    /// addresses are tried in turn. Default <c>tcp://127.0.0.1:7420</c>.
    /// </summary>
    public string Address { get; set; } = DefaultAddress;

    /// <summary>
    /// In place of <see cref="Address"/>: where the processes of a gateway with a standby listen, each as <c>tcp://host:port</c>. They are
    /// tried in turn, the one that answered last first; a standby refuses, and the next is tried. Default: none.
    /// </summary>
    public IReadOnlyList<string> Addresses { get; set; } = [];

    /// <summary>
    /// The application's display name, shown in the gateway's status and logs: 1 to 128 bytes of UTF-8. Default: the name of the process.
    /// </summary>
    public string ApplicationName { get; set; } = DefaultApplicationName();

    /// <summary>
    /// The token that authenticates this application, at most 256 bytes of UTF-8. Default: none; a gateway without configured applications
    /// requires none.
    /// </summary>
    public string Token { get; set; } = "";

    /// <summary>
    /// The local queue of the replies to this client's requests: <c>replies.</c> and a name, at most 59 characters. Replies that nobody
    /// waits for any more go to the queue of the same name with <c>.late</c> at its end. Give each running client its own, and the same
    /// one after a restart. Default null: <c>replies.APPLICATION.RANDOM</c>, another one for each client, and
    /// <c>replies.APPLICATION.late</c>.
    /// </summary>
    public string? ReplyQueue { get; set; }

    /// <summary>
    /// The time a call may take before it fails, including waiting for a connection and retries. 10 ms to 1 day, default 30 s.
    /// </summary>
    public TimeSpan RequestTimeout { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>The interval between heartbeats to the gateway. 100 ms to 1 minute, default 1 s.</summary>
    public TimeSpan HeartbeatInterval { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>
    /// The time without a byte from the gateway after which the client drops the connection and reconnects. Longer than
    /// <see cref="HeartbeatInterval"/>, at most 5 minutes, default 5 s.
    /// </summary>
    public TimeSpan DeadAfter { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>
    /// The number of calls that may be unanswered at once; further callers wait. 1 to 1,000,000, default 10,000. Settling calls have a
    /// separate limit of the same size.
    /// </summary>
    public int PendingRequestsMax { get; set; } = 10_000;

    /// <summary>
    /// The total size of message bodies that may be unanswered at once; further callers wait. A single call over the limit is sent alone.
    /// At least 1, default 64 MiB.
    /// </summary>
    public long PendingBytesMax { get; set; } = 64 * 1024 * 1024;

    /// <summary>The addresses that apply.</summary>
    internal IReadOnlyList<string> All => Addresses is { Count: > 0 } several ? several : [Address];

    private static string DefaultApplicationName()
    {
        var name = Path.GetFileNameWithoutExtension(Environment.ProcessPath);
        return string.IsNullOrEmpty(name) ? "application" : WireText.Cut(name, ProtocolLimits.ApplicationBytesMax);
    }
}
