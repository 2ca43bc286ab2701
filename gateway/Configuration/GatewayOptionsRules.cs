using System.Net;
using Gateway.Store.Messages;

namespace Gateway.Configuration;

/// <summary>The rules across keys: names, addresses, routes, and dependent times.</summary>
internal static class GatewayOptionsRules
{
    private const string NameRule = "a name is 1 to 64 of a-z A-Z 0-9 . _ -, starting with a letter or digit";

    /// <param name="system">Null for this host's, which is asked if there is an inlet or an outlet.</param>
    public static void Check(GatewayOptions options, ICollection<string> faults, SystemFacts? system = null)
    {
        if (!Names.IsValid(options.Name)) faults.Add($"Gateway:Name is '{options.Name}', but {NameRule}.");
        CheckListen("Gateway:Intake:Address", options.Intake.Address, faults);
        if (options.Links.Address.Length > 0) CheckListen("Gateway:Links:Address", options.Links.Address, faults);
        CheckPeers(options, faults);
        CheckRoutes(options, faults);
        SpreadRules.Check(options, faults);
        CheckTimes(options.Links, faults);
        SecurityRules.Check(options, faults);
        ApplicationRules.Check(options.Intake.Applications, faults);
        InletRules.Check(options, faults);
        // Asked here even if no outlet depends on it: the first connection of a program would have to wait for the answer.
        if (options.Tcp.Inlets.Count > 0 || options.Tcp.Outlets.Count > 0) system ??= SystemFacts.Find();
        OutletRules.Check(options, faults, system);
        HttpRules.Check(options.Http, faults);
        if (!FleetOptions.Words.ContainsKey(options.Fleet.Share)) faults.Add(
            $"Gateway:Fleet:Share is '{options.Fleet.Share}'; give {string.Join(" or ", FleetOptions.Words.Keys)}.");
        TelemetryRules.Check(options.Telemetry, options.Http, faults);
        if (options.Intake.BatchBytesMax < options.Intake.BodyBytesMax)
            faults.Add($"Gateway:Intake:BatchBytesMax ({options.Intake.BatchBytesMax}) is less than BodyBytesMax "
                + $"({options.Intake.BodyBytesMax}); a batch must hold at least one body.");
        StoreEngineRules.Check(options.Store, faults);
        if (!options.Store.IsPostgres() && options.Store.Path.Length == 0 && StateFolder.Default.Length == 0)
        {
            faults.Add("Gateway:Store:Path is empty, and this user has no folder for data (HOME and XDG_DATA_HOME are not set): name a "
                + "folder.");
        }

        if (OperatingSystem.IsWindows() && FileNames.DeviceIn(options.Store.Path) is { } device)
            faults.Add($"Gateway:Store:Path is '{options.Store.Path}', and '{device}' is the name of a device on Windows: name another "
                + "folder.");
        var reserve = options.Store.VolumeBytes + StoreSettings.KeptBackBytes;
        if (options.Store.DiskReserveBytes < reserve) faults.Add($"Gateway:Store:DiskReserveBytes ({options.Store.DiskReserveBytes}) "
            + $"must be at least {reserve}: {StoreSettings.KeptBackBytes} bytes are kept back for starting and draining, and VolumeBytes "
            + $"({options.Store.VolumeBytes}) to write again what is left of a volume.");
    }

    /// <summary>The rule for an address to listen on.</summary>
    public static void CheckListen(string key, string address, ICollection<string> faults)
    {
        if (TryParse(address.Replace("://*", "://0.0.0.0", StringComparison.Ordinal)) is not { } uri)
            faults.Add($"{key} is '{address}', which is not of the form tcp://ADDRESS:PORT.");
        else if (!IPAddress.TryParse(uri.DnsSafeHost, out _))
            faults.Add($"{key} is '{address}'; to listen, give an IP address of this host, not a name.");
    }

    private static void CheckPeers(GatewayOptions options, ICollection<string> faults)
    {
        foreach (var (name, peer) in options.Peers)
        {
            if (!Names.IsValid(name)) faults.Add($"Gateway:Peers:{name}: {NameRule}.");
            if (name == options.Name) faults.Add($"Gateway:Peers:{name} has this gateway's own name; give each gateway a name of its own.");
            if (peer.Addresses.Count > 0 && peer.Address.Length > 0)
                faults.Add($"Gateway:Peers:{name} has Address and Addresses; give all in Addresses, or the only one in Address.");
            if (peer.Addresses.Distinct().Count() < peer.Addresses.Count) faults.Add($"Gateway:Peers:{name}:Addresses names one twice.");
            var key = peer.Addresses.Count > 0 ? "Addresses" : "Address";
            foreach (var address in peer.ResolveAddresses().Where(address => TryParse(address) is not { Port: > 0 }))
                faults.Add($"Gateway:Peers:{name}:{key} is '{address}', which is not of the form tcp://HOST:PORT.");
        }
    }

    private static void CheckRoutes(GatewayOptions options, ICollection<string> faults)
    {
        foreach (var (queue, destinations) in options.Routes)
        {
            if (!Names.IsValid(queue)) faults.Add($"Gateway:Routes:{queue}: {NameRule}.");
            if (destinations.Count == 0) faults.Add($"Gateway:Routes:{queue} has no destination.");
            if (destinations.Distinct().Count() < destinations.Count) faults.Add($"Gateway:Routes:{queue} names a destination twice.");
            foreach (var destination in destinations)
            {
                if (!Names.TryParseDestination(destination, out _, out var peer) || peer is null)
                    faults.Add($"Gateway:Routes:{queue} has '{destination}', which is not of the form queue@peer.");
                else if (peer != options.Name && !options.Peers.ContainsKey(peer))
                    faults.Add($"Gateway:Routes:{queue} has '{destination}', but there is no peer '{peer}' in Gateway:Peers.");
            }
        }
    }

    private static void CheckTimes(LinksOptions links, ICollection<string> faults)
    {
        if (links.DeadAfter < 2 * links.HeartbeatInterval) faults.Add($"Gateway:Links:DeadAfter ({links.DeadAfter}) is less than "
            + $"two heartbeats of {links.HeartbeatInterval}; one lost heartbeat must not end a connection.");
        if (links.BackoffMax < links.BackoffMin)
            faults.Add($"Gateway:Links:BackoffMax ({links.BackoffMax}) is less than BackoffMin ({links.BackoffMin}).");
    }

    private static Uri? TryParse(string address) =>
        Uri.TryCreate(address, UriKind.Absolute, out var uri)
        && uri is { Scheme: "tcp", Port: >= 0, AbsolutePath: "" or "/" } ? uri : null;
}
