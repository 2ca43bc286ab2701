using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text.Json.Nodes;
using Gateway.Cli.Demo.Processes;
using Gateway.Http.Views;
using Gateway.Links.Causes;
using Gateway.Links.Protocol;
using Shouldly;
using Xunit;

namespace Gateway.Tests.Crash;

/// <summary>
/// Outlets of a real gateway on a system that does not tell what TCP has acknowledged, from the start or all at once: what depends on that
/// is not offered, and nothing stands still without a cause.
/// </summary>
[Kind(Kind.Process)]
[Needs("gcc")]
public sealed class UntoldFiguresTests : ConfiguredShopTest
{
    private const string Refusal =
        "Gateway:Tcp:Outlets:good:Delivery is Acknowledged, which is the default, but this host's system does not tell which bytes TCP "
        + "has acknowledged; set it to Reply if the program answers each message, or to Written";

    private readonly TcpListener _target = new(IPAddress.Loopback, 0);
    private readonly TcpListener _deaf = new(IPAddress.Loopback, 0);

    public UntoldFiguresTests()
    {
        _target.Start();
        _deaf.Start();
    }

    private string UntoldPath => Path.Combine(Folder, "untold");

    [Fact]
    public async Task Without_figures_Acknowledged_is_refused_at_the_start_and_by_the_check()
    {
        await File.WriteAllTextAsync(UntoldPath, "", Token);
        Write(("good", _target, "Acknowledged"));

        await using (var check = await VerbAsync("config", "check", "--config", ConfigPath))
        {
            (await InTimeAsync("the check", check.Ended)).ShouldNotBe(0);
            (check.Output + check.Errors).ShouldContain(Refusal);
        }

        await StartAsync();
        (await InTimeAsync("the gateway ends", Shop.Process.Ended)).ShouldNotBe(0);
        (Shop.Process.Output + Shop.Process.Errors).ShouldContain(Refusal);

        // The same host, the same file, and a system that tells.
        File.Delete(UntoldPath);
        await using (var check = await VerbAsync("config", "check", "--config", ConfigPath))
            (await InTimeAsync("the check", check.Ended)).ShouldBe(0, check.Output + check.Errors);
    }

    [Fact]
    public async Task Without_figures_a_running_gateway_refuses_Acknowledged_and_Written_works_and_tells_who_is_stuck()
    {
        await File.WriteAllTextAsync(UntoldPath, "", Token);
        Write(("good", _target, "Written"), ("deaf", _deaf, "Written"));
        await StartAsync();
        await Shop.WaitUntilReadyAsync(Token);
        var client = NewClient(Shop);
        using var program = await _target.AcceptTcpClientAsync(Token);
        using var lines = new StreamReader(program.GetStream());
        using var deaf = await _deaf.AcceptTcpClientAsync(Token);

        await client.SendAsync("good@shop", "one\n");
        (await InTimeAsync("the line", lines.ReadLineAsync(Token).AsTask())).ShouldBe("one");
        for (var i = 0; i < 20; i++) await client.SendAsync("deaf@shop", new string('x', 1_000_000));

        // The one who reads nothing is told after the same time in which the other has nothing to read.
        await UntilAsync("it is told that nothing is read", () => Shop.Process.Output.Contains("Outlet deaf is Up (PeerStuck)."));
        (await OutletAsync("good")).Outlet.Cause.ShouldBeNull();
        (await OutletAsync("good")).Outlet.Delivered.ShouldBe(1);

        Write(("good", _target, "Acknowledged"), ("deaf", _deaf, "Written"));

        await UntilAsync("the change is refused", async () =>
            (await OperatorView.StateAsync(client, Token)).Configuration.Faults.Any(fault => fault.Contains(Refusal)));
        await client.SendAsync("good@shop", "two\n");
        (await InTimeAsync("the line", lines.ReadLineAsync(Token).AsTask())).ShouldBe("two");
    }

    [Fact]
    public async Task A_connection_of_which_nothing_is_told_any_more_ends_with_a_cause_and_loses_nothing()
    {
        Write(("good", _target, "Acknowledged"));
        await StartAsync();
        await Shop.WaitUntilReadyAsync(Token);
        var client = NewClient(Shop);
        using (var program = await _target.AcceptTcpClientAsync(Token))
        {
            using var lines = new StreamReader(program.GetStream());
            await client.SendAsync("good@shop", "one\n");
            (await InTimeAsync("the line", lines.ReadLineAsync(Token).AsTask())).ShouldBe("one");
            await UntilAsync("it is completed", async () => (await OutletAsync("good")).Outlet.Delivered == 1);

            await File.WriteAllTextAsync(UntoldPath, "", Token);
            await client.SendAsync("good@shop", "two\n");

            (await InTimeAsync("the line", lines.ReadLineAsync(Token).AsTask())).ShouldBe("two");
            (await InTimeAsync("the end", lines.ReadLineAsync(Token).AsTask())).ShouldBeNull();
        }

        await UntilAsync("it is told", async () => (await OutletAsync("good")).Outlet is { State: LinkState.Down or LinkState.Connecting });
        var outlet = (await OutletAsync("good")).Outlet;
        outlet.Cause.ShouldBe(LinkCause.LocalPolicy);
        outlet.Evidence.ShouldContain($"this host's system does not tell what {_target.LocalEndpoint} has acknowledged");
        outlet.Advice.ShouldContain("set the outlet's Delivery to Reply or Written");
        (await OperatorView.StateAsync(client, Token)).MessagesOf("good").ShouldBe(1);

        // Connections that were tried meanwhile have got nothing.
        File.Delete(UntoldPath);
        string? line = null;
        while (line is null)
        {
            using var program = await InTimeAsync("a connection", _target.AcceptTcpClientAsync(Token).AsTask());
            using var lines = new StreamReader(program.GetStream());
            line = await InTimeAsync("the line", lines.ReadLineAsync(Token).AsTask());
            if (line is not null) await UntilAsync("it is completed", async () => (await OutletAsync("good")).Outlet.Delivered == 2);
        }

        line.ShouldBe("two");
    }

    private Task<OutletDetailsView> OutletAsync(string name) => OperatorView.OutletAsync(_client ??= NewClient(Shop), name);

    private Gateway.Client.GatewayClient? _client;

    private async Task StartAsync() => Shop.Start("/usr/bin/env", await PreloadedShim.MakeAsync("untold", Folder), $"UNTOLD={UntoldPath}");

    private async Task<TestProcess> VerbAsync(params string[] arguments)
    {
        var own = Executable.Start(arguments);
        return TestProcess.Start(
            new ProcessStartInfo("/usr/bin/env",
                [await PreloadedShim.MakeAsync("untold", Folder), $"UNTOLD={UntoldPath}", own.FileName, .. own.ArgumentList])
            { WorkingDirectory = Folder },
            Path.Combine(Folder, "verbs.log"));
    }

    /// <summary>As an editor does: the gateway never sees half a file.</summary>
    private void Write(params (string Name, TcpListener Target, string Delivery)[] outlets)
    {
        var draft = ConfigPath + ".new";
        File.WriteAllText(draft, new JsonObject
        {
            ["Gateway"] = new JsonObject
            {
                ["Tcp"] = new JsonObject
                {
                    ["Outlets"] = new JsonObject(outlets.Select(outlet => KeyValuePair.Create(outlet.Name, (JsonNode?)new JsonObject
                    {
                        ["Queue"] = outlet.Name,
                        ["Target"] = $"{outlet.Target.LocalEndpoint}",
                        ["Framing"] = new JsonObject { ["Kind"] = "Delimiter", ["End"] = "\\n" },
                        ["Delivery"] = outlet.Delivery,
                        ["StuckTold"] = "00:00:00.500",
                        ["BackoffMax"] = "00:00:00.200",
                    }))),
                },
            },
        }.ToJsonString());
        File.Move(draft, ConfigPath, overwrite: true);
    }
}
