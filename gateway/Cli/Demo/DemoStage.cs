using System.Globalization;
using Gateway.Cli.Demo.Ledger;
using Gateway.Cli.Demo.Processes;
using Gateway.Cli.Shell;

namespace Gateway.Cli.Demo;

/// <summary>The processes of a demo: two gateways and the receiving application, in one folder. Disposing the stage ends all.</summary>
internal sealed class DemoStage : IAsyncDisposable
{
    public const string QueueName = "orders";

    /// <param name="tcp">The applications go through an inlet and an outlet.</param>
    /// <param name="database">Keeps the messages of both gateways, and lets the receiving one have a standby; null for files.</param>
    public DemoStage(string folder, bool tcp, DemoDatabase? database, DemoBook book, DemoClock clock, TimeProvider time)
    {
        var ports = LoopbackPort.Free(11);
        var store = database?.Configuration ?? new Dictionary<string, string>();
        InletPort = ports[6];
        var receiving = new GatewayProcessSettings
        { Name = "receiver", Folder = folder, IntakePort = ports[0], LinksPort = ports[1], HttpPort = ports[4] };
        var sending = new GatewayProcessSettings
        {
            Name = "sender",
            Folder = folder,
            IntakePort = ports[2],
            LinksPort = ports[3],
            HttpPort = ports[5],
        };
        var standby = receiving with { IntakePort = ports[8], LinksPort = ports[9], HttpPort = ports[10], LogName = "standby" };
        // Where there is a standby, the sending gateway has both addresses.
        sending = database is null
            ? sending with { Peers = new Dictionary<string, string> { [receiving.Name] = receiving.LinksAddress } }
            : sending with { More = With(store, Addresses(receiving, standby)) };

        Destination = $"{QueueName}@{receiving.Name}";
        var peers = new Dictionary<string, string> { [sending.Name] = sending.LinksAddress };
        var more = tcp ? With(store, Outlet(ports[7])) : store;
        ReceivingGateway = new GatewayProcess(receiving with { Peers = peers, More = more }, time);
        if (database is not null) Standby = new GatewayProcess(standby with { Peers = peers, More = more }, time);
        SendingGateway = new GatewayProcess(tcp ? sending with { More = With(sending.More, Inlet()) } : sending, time);
        var address = database is null ? receiving.IntakeAddress : $"{receiving.IntakeAddress},{standby.IntakeAddress}";
        string[] consumer = tcp ? [DemoReceiverVerb.Name, Text(ports[7])] : [DemoConsumerVerb.Name, address, QueueName];
        Consumer = new ConsumerProcess(consumer, folder, book, clock);
    }

    /// <summary>The producer's destination, through the sending gateway.</summary>
    public string Destination { get; }

    /// <summary>Where a sending program with plain sockets connects.</summary>
    public int InletPort { get; }

    public GatewayProcess ReceivingGateway { get; }

    /// <summary>The process that takes over when the receiving gateway is killed; null if the stores are files.</summary>
    public GatewayProcess? Standby { get; }

    public GatewayProcess SendingGateway { get; }

    public ConsumerProcess Consumer { get; }

    /// <summary>Starts all processes; returns when both gateways are ready.</summary>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        ReceivingGateway.Start();
        SendingGateway.Start();
        await ReceivingGateway.WaitUntilReadyAsync(cancellationToken);
        await SendingGateway.WaitUntilReadyAsync(cancellationToken);
        Standby?.Start();
        if (Standby is not null) await Standby.WaitUntilLinkedAsync(cancellationToken);
        await Consumer.StartAsync();
    }

    /// <summary>Throws if a process ended without being killed.</summary>
    public void RequireAlive()
    {
        Require(!ReceivingGateway.HasDied, "receiving gateway");
        Require(Standby?.HasDied != true, "standby of the receiving gateway");
        Require(!SendingGateway.HasDied, "sending gateway");
        Require(!Consumer.HasDied, "consumer");

        static void Require(bool alive, string who)
        {
            if (!alive)
                throw new CommandLineException(ExitCode.Failed, $"The {who} ended by itself; its log says why.");
        }
    }

    private Dictionary<string, string> Inlet() => new(DemoFrames.Configuration("Gateway:Tcp:Inlets:demo"))
    {
        ["Gateway:Tcp:Inlets:demo:Address"] = $"tcp://127.0.0.1:{Text(InletPort)}",
        ["Gateway:Tcp:Inlets:demo:Destination"] = Destination,
        ["Gateway:Tcp:Inlets:demo:Answer"] = "Fixed",
        ["Gateway:Tcp:Inlets:demo:AnswerBytes"] = $"\\x{DemoFrames.Acknowledged:X2}",
    };

    private static Dictionary<string, string> Outlet(int port) => new(DemoFrames.Configuration("Gateway:Tcp:Outlets:demo"))
    {
        ["Gateway:Tcp:Outlets:demo:Queue"] = QueueName,
        ["Gateway:Tcp:Outlets:demo:Target"] = $"127.0.0.1:{Text(port)}",
        ["Gateway:Tcp:Outlets:demo:Delivery"] = "Reply",
        ["Gateway:Tcp:Outlets:demo:UnansweredMax"] = "64",
    };

    private static Dictionary<string, string> Addresses(params GatewayProcessSettings[] processes) => processes.Index().ToDictionary(
        process => $"Gateway:Peers:{process.Item.Name}:Addresses:{Text(process.Index)}", process => process.Item.LinksAddress);

    private static Dictionary<string, string> With(
        IReadOnlyDictionary<string, string> settings, IReadOnlyDictionary<string, string> others) => new(settings.Concat(others));

    private static string Text(int port) => port.ToString(CultureInfo.InvariantCulture);

    public async ValueTask DisposeAsync()
    {
        await Consumer.DisposeAsync();
        await SendingGateway.DisposeAsync();
        await ReceivingGateway.DisposeAsync();
        if (Standby is not null) await Standby.DisposeAsync();
    }
}
