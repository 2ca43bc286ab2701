using Gateway.Cli.Demo.Ledger;
using Gateway.Cli.Demo.Processes;
using Gateway.Cli.Shell;

namespace Gateway.Cli.Demo;

/// <summary>The processes of a demo: two gateways and the receiving application, in one folder. Disposing the stage ends all.</summary>
internal sealed class DemoStage : IAsyncDisposable
{
    public const string QueueName = "orders";

    public DemoStage(string folder, DemoBook book, DemoClock clock, TimeProvider time)
    {
        var ports = LoopbackPort.Free(6);
        var receiving = new GatewayProcessSettings
        { Name = "receiver", Folder = folder, IntakePort = ports[0], LinksPort = ports[1], HttpPort = ports[4] };
        var sending = new GatewayProcessSettings
        {
            Name = "sender",
            Folder = folder,
            IntakePort = ports[2],
            LinksPort = ports[3],
            HttpPort = ports[5],
            Peers = new Dictionary<string, string> { [receiving.Name] = receiving.LinksAddress },
        };

        Destination = $"{QueueName}@{receiving.Name}";
        ReceivingGateway = new GatewayProcess(
            receiving with { Peers = new Dictionary<string, string> { [sending.Name] = sending.LinksAddress } }, time);
        SendingGateway = new GatewayProcess(sending, time);
        Consumer = new ConsumerProcess(receiving.IntakeAddress, QueueName, folder, book, clock);
    }

    /// <summary>The producer's destination, through the sending gateway.</summary>
    public string Destination { get; }

    public GatewayProcess ReceivingGateway { get; }

    public GatewayProcess SendingGateway { get; }

    public ConsumerProcess Consumer { get; }

    /// <summary>Starts all processes; returns when both gateways are ready.</summary>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        ReceivingGateway.Start();
        SendingGateway.Start();
        await ReceivingGateway.WaitUntilReadyAsync(cancellationToken);
        await SendingGateway.WaitUntilReadyAsync(cancellationToken);
        await Consumer.StartAsync();
    }

    /// <summary>Throws if a process ended without being killed.</summary>
    public void RequireAlive()
    {
        Require(!ReceivingGateway.HasDied, "receiving gateway");
        Require(!SendingGateway.HasDied, "sending gateway");
        Require(!Consumer.HasDied, "consumer");

        static void Require(bool alive, string who)
        {
            if (!alive)
                throw new CommandLineException(ExitCode.Failed, $"The {who} ended by itself; its log says why.");
        }
    }

    public async ValueTask DisposeAsync()
    {
        await Consumer.DisposeAsync();
        await SendingGateway.DisposeAsync();
        await ReceivingGateway.DisposeAsync();
    }
}
