using Gateway.Tests.Store.Postgres;

namespace Gateway.Tests.Crash;

/// <summary>The base of tests in which processes of one name share a store in PostgreSQL.</summary>
public abstract class StandbyTest(SharedPostgres shared) : ProcessTest
{
    private readonly string _schema = SharedPostgres.NewSchema();

    internal PostgresServer Server => shared.Server;

    /// <summary>A gateway whose store is in the schema of this test.</summary>
    internal TestGateway NewGateway(string? connectionString = null) => NewGateways(new Dictionary<string, string>
    {
        ["Gateway:Store:Engine"] = "PostgreSQL",
        ["Gateway:Store:ConnectionString"] = connectionString ?? Server.ConnectionString(),
        ["Gateway:Store:Schema"] = _schema,
    }, "shop")[0];

    /// <summary>Another process of the gateway's name, with a folder and ports of its own.</summary>
    /// <param name="connectionString">Its own way to the database; that of the holder if not given.</param>
    internal TestGateway NewStandby(TestGateway holder, string? connectionString = null)
    {
        var more = new Dictionary<string, string>(holder.Settings.More);
        if (connectionString is not null) more["Gateway:Store:ConnectionString"] = connectionString;
        var own = NewGateways(more, "standby")[0].Settings;
        return Track(new TestGateway(own with
        { Name = holder.Name, Folder = Directory.CreateDirectory(Path.Combine(Folder, "standby")).FullName }));
    }

    /// <summary>A gateway with files that knows another, at the addresses of its processes.</summary>
    internal TestGateway NewPeerOf(TestGateway first, string name, params TestGateway[] others)
    {
        var own = NewGateways(name)[0].Settings;
        var more = new Dictionary<string, string>(own.More);
        foreach (var (index, process) in others.Prepend(first).Index())
            more[$"Gateway:Peers:{first.Name}:Addresses:{index}"] = process.Settings.LinksAddress;
        return Track(new TestGateway(own with { More = more }));
    }

    /// <summary>Starts it; returns when it waits for the holder.</summary>
    internal static async Task StandByAsync(TestGateway standby)
    {
        standby.Start();
        await UntilAsync("it stands by", () => standby.Process.Output.Contains("This gateway stands by"));
    }
}
