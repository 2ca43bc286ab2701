namespace Gateway.Doctor;

/// <summary>The ids of all findings; each has a row in gateway/docs/doctor.md.</summary>
internal static class FindingIds
{
    public const string Configuration = "configuration";
    public const string Version = "version";
    public const string Gateway = "gateway";
    public const string Certificate = "certificate";
    public const string Clock = "clock";
    public const string Handles = "handles";
    public const string Memory = "memory";
    public const string Port = "port";

    public const string FileSystem = "file-system";
    public const string Permissions = "permissions";
    public const string Space = "space";
    public const string Inodes = "inodes";
    public const string Flush = "flush";

    public const string EphemeralPorts = "ephemeral-ports";
    public const string TimeWait = "time-wait";
    public const string Backlog = "backlog";
    public const string KeepAlive = "keep-alive";
    public const string Retransmissions = "retransmissions";
    public const string PortReuse = "port-reuse";
    public const string ConnectionTracking = "conntrack";

    public const string Link = "link";
    public const string History = "history";

    public const string Name = "name";
    public const string Connect = "connect";
    public const string Tls = "tls";
    public const string Greeting = "greeting";
    public const string RoundTrip = "round-trip";
    public const string PacketSize = "packet-size";

    public const string Probe = "probe";
    public const string Views = "views";
    public const string DialBack = "dial-back";
    public const string Echo = "echo";
    public const string MessageSize = "message-size";
    public const string Bandwidth = "bandwidth";
    public const string Silence = "idle";
}
