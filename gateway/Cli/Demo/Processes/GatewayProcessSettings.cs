namespace Gateway.Cli.Demo.Processes;

/// <summary>The settings of a gateway in a process of its own, on loopback.</summary>
internal sealed record GatewayProcessSettings
{
    public required string Name { get; init; }

    /// <summary>An existing folder for the store's folder and the log.</summary>
    public required string Folder { get; init; }

    public required int IntakePort { get; init; }

    public required int LinksPort { get; init; }

    /// <summary>The port of the HTTP API; null for none.</summary>
    public int? HttpPort { get; init; }

    /// <summary>The addresses of other gateways, by name.</summary>
    public IReadOnlyDictionary<string, string> Peers { get; init; } = new Dictionary<string, string>();

    /// <summary>Further configuration, by full key.</summary>
    public IReadOnlyDictionary<string, string> More { get; init; } = new Dictionary<string, string>();

    public string IntakeAddress => $"tcp://127.0.0.1:{IntakePort}";

    public string LinksAddress => $"tcp://127.0.0.1:{LinksPort}";

    /// <summary>Empty for none.</summary>
    public string HttpAddress => HttpPort is { } port ? $"http://127.0.0.1:{port}" : "";

    /// <summary>The name of the log, if it is not that of the gateway.</summary>
    public string? LogName { get; init; }

    public string LogPath => Path.Combine(Folder, (LogName ?? Name) + ".log");

    /// <summary>The configuration, as arguments of the verb <c>run</c>.</summary>
    public IEnumerable<string> Arguments =>
    [
        $"--Gateway:Name={Name}",
        $"--Gateway:Store:Path={Path.Combine(Folder, Name)}",
        $"--Gateway:Intake:Address={IntakeAddress}",
        $"--Gateway:Links:Address={LinksAddress}",
        $"--Gateway:Http:Address={HttpAddress}",
        .. Peers.Select(peer => $"--Gateway:Peers:{peer.Key}:Address={peer.Value}"),
        .. More.Select(setting => $"--{setting.Key}={setting.Value}"),
    ];
}
