using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using Gateway.Cli;
using Gateway.Cli.Demo.Processes;
using Gateway.Cli.Shell;
using Gateway.Client;
using Shouldly;
using Xunit;

namespace Gateway.Tests.Crash;

/// <summary>How a gateway starts, from what it is configured with, and how it refuses to.</summary>
[Kind(Kind.Process)]
public sealed class StartTests : ProcessTest
{
    [Fact]
    public async Task Two_gateways_made_by_two_small_files_exchange_messages_and_survive_being_killed()
    {
        var ports = LoopbackPort.Free(4);
        await WriteAsync("billing", ports[0], ports[1], "shop", ports[3]);
        await WriteAsync("shop", ports[2], ports[3], "billing", ports[1]);
        var (billing, shop) = (StartFrom("billing"), StartFrom("shop"));
        var (atBilling, atShop) = (NewClient(ports[0]), NewClient(ports[2]));

        await InTimeAsync("messages both ways", BothWaysAsync());
        await billing.DisposeAsync();
        StartFrom("billing");
        await InTimeAsync("messages both ways after billing was killed", BothWaysAsync());
        await shop.DisposeAsync();
        StartFrom("shop");
        await InTimeAsync("messages both ways after shop was killed", BothWaysAsync());

        async Task BothWaysAsync()
        {
            var texts = ProcessMessages.Numbered(20).ToArray();
            await Task.WhenAll(atShop.SendAllAsync("orders@billing", texts), atBilling.SendAllAsync("invoices@shop", texts));
            (await atBilling.TakeAsync("orders", texts.Length)).ShouldBe(texts);
            (await atShop.TakeAsync("invoices", texts.Length)).ShouldBe(texts);
        }
    }

    [Fact]
    public async Task Run_with_the_defaults_serves_queues_of_the_gateway_local_from_a_store_in_the_state_folder()
    {
        // The port alone is not the default: it may be taken on this machine.
        var port = LoopbackPort.Free(1)[0];
        var process = Start("default", RunVerb.Name, InputEnd.WhileInputOpen, $"--Gateway:Intake:Address=tcp://127.0.0.1:{port}",
            "--Gateway:Http:Address=http://127.0.0.1:0");
        var client = NewClient(port);

        await InTimeAsync("a receipt", client.SendAsync("x@local", "hello").AsTask());

        (await InTimeAsync("the message", client.TakeAsync("x", 1))).ShouldBe(["hello"]);
        Directory.Exists(Path.Combine(Folder, "data")).ShouldBeTrue();
        process.Output.ShouldContain($"[5006] A new, empty store was made in {Path.Combine(Folder, "data")}.");
    }

    [Fact]
    public async Task A_second_gateway_on_the_same_store_is_refused_and_the_first_goes_on()
    {
        var first = NewGateways("local")[0];
        await first.StartReadyAsync(Token);
        var client = NewClient(first);
        await client.SendAsync("q@local", "before");
        var ports = LoopbackPort.Free(2);

        var second = Track(new TestGateway(first.Settings with { IntakePort = ports[0], LinksPort = ports[1], HttpPort = null }));
        second.Start();

        (await InTimeAsync("the second ends", second.Process.Ended)).ShouldBe(1);
        second.Process.Errors.ShouldContain(first.StorePath);
        second.Process.Errors.ShouldContain($"process {first.Process.Id}");
        await client.SendAsync("q@local", "after");
        (await client.TakeAsync("q", 2)).ShouldBe(["before", "after"]);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task An_address_that_is_in_use_is_named_and_ends_the_gateway(bool isForApplications)
    {
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        var port = ((IPEndPoint)taken.LocalEndpoint).Port;
        var settings = NewGateways("local")[0].Settings;
        var gateway = Track(new TestGateway(isForApplications ? settings with { IntakePort = port } : settings with { LinksPort = port }));

        gateway.Start();

        (await InTimeAsync("the gateway ends", gateway.Process.Ended)).ShouldBe(1);
        gateway.Process.Errors.ShouldStartWith($"Cannot listen on tcp://127.0.0.1:{port}");
        gateway.Process.Errors.ShouldNotContain("   at ");
    }

    [Fact]
    public async Task A_wrong_configuration_is_refused_with_all_its_faults_in_one_message()
    {
        await File.WriteAllTextAsync(
            Path.Combine(Folder, "wrong.json"),
            """
            {
              "Gateway": {
                "Name": "not a name",
                "Colour": "green",
                "Intake": { "Address": "here", "CreditMax": "many" },
                "Links": { "HeartbeatInterval": "00:00:05", "DeadAfter": "00:00:06" },
                "Inbox": { "DeliveriesMax": 0 },
                "Peers": { "billing": { "Address": "billing:7421" } },
                "Routes": { "orders": [ "orders@nowhere" ] }
              }
            }
            """,
            Token);

        var process = StartFrom("wrong");

        (await InTimeAsync("the gateway ends", process.Ended)).ShouldBe(2);
        foreach (var key in new[] { "Name", "Colour", "Intake:Address", "Intake:CreditMax", "Links:DeadAfter", "Inbox:DeliveriesMax",
            "Peers:billing:Address", "Routes:orders" })
            process.Errors.ShouldContain($"Gateway:{key}");
        process.Errors.ShouldNotContain("   at ");
        Directory.Exists(Path.Combine(Folder, "data")).ShouldBeFalse();
    }

    [Theory]
    [InlineData("missing.json", null)]
    [InlineData("broken.json", "{ \"Gateway\": ")]
    public async Task A_file_that_cannot_be_read_is_named(string name, string? content)
    {
        if (content is not null)
            await File.WriteAllTextAsync(Path.Combine(Folder, name), content, Token);

        var process = Start("unreadable", RunVerb.Name, InputEnd.WhileInputOpen, "--config", name);

        (await InTimeAsync("the gateway ends", process.Ended)).ShouldBe(2);
        process.Errors.ShouldContain(name);
        process.Errors.ShouldNotContain("   at ");
    }

    [Fact]
    public async Task The_log_is_one_object_a_line_where_the_configuration_wants_it_for_machines()
    {
        var gateway = NewGateways(new Dictionary<string, string> { ["Logging:Console:FormatterName"] = "json" }, "local")[0];
        await gateway.StartReadyAsync(Token);

        (await gateway.StopAsync()).ShouldBe(0);

        var lines = gateway.Process.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(line => JsonDocument.Parse(line).RootElement).ToList();
        var started = lines.Single(line => line.GetProperty("EventId").GetInt32() == 5001);
        started.GetProperty("State").GetProperty("Name").GetString().ShouldBe("local");
        started.GetProperty("Timestamp").GetString()!.ShouldEndWith("Z");
    }

    private GatewayClient NewClient(int port) => Track(new GatewayClient(
        new GatewayClientOptions
        { Address = $"tcp://127.0.0.1:{port}", ApplicationName = "test", RequestTimeout = TimeSpan.FromMinutes(10) }));

    private TestProcess StartFrom(string name) => Start(name, RunVerb.Name, InputEnd.WhileInputOpen, "--config", name + ".json");

    private TestProcess Start(string name, params string[] arguments)
    {
        ProcessStartInfo start = Executable.Start(arguments);
        start.WorkingDirectory = Folder;
        return Track(TestProcess.Start(start, Path.Combine(Folder, name + ".log")));
    }

    private Task WriteAsync(string name, int intakePort, int linksPort, string peer, int peerPort) => File.WriteAllTextAsync(
        Path.Combine(Folder, name + ".json"),
        $$"""
        {
          "Gateway": {
            "Name": "{{name}}",
            "Intake": { "Address": "tcp://127.0.0.1:{{intakePort}}" },
            "Http": { "Address": "" },
            "Store": { "Path": "store-of-{{name}}" },
            "Links": { "Address": "tcp://127.0.0.1:{{linksPort}}" },
            "Peers": { "{{peer}}": { "Address": "tcp://127.0.0.1:{{peerPort}}" } }
          }
        }
        """,
        Token);
}
