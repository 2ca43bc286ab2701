using System.Text;
using Gateway.Cli.Demo.Processes;
using Gateway.Cli.Shell;
using Gateway.Client;
using Gateway.Http.Views;
using Gateway.Links.Protocol;
using Gateway.Tests.Cli;
using Shouldly;

namespace Gateway.Tests.Crash;

/// <summary>The base of tests that copy stores of real gateways and put them back: shop sends to billing, and there are two more.</summary>
public abstract class StoreHistoryTest : ProcessTest
{
    private const string Orders = "orders@billing";

    protected StoreHistoryTest()
    {
        var gateways = NewGateways("shop", "shop2", "billing", "billing2");
        (Shop, Shop2, Billing, Billing2) = (WithApi(gateways[0]), gateways[1], gateways[2], gateways[3]);
    }

    private protected string Api { get; } = $"http://127.0.0.1:{LoopbackPort.Free(1)[0]}";

    private protected TestGateway Shop { get; }

    private protected TestGateway Shop2 { get; }

    private protected TestGateway Billing { get; }

    private protected TestGateway Billing2 { get; }

    private protected TestGateway WithApi(TestGateway gateway) => Track(new TestGateway(
        gateway.Settings with { More = new Dictionary<string, string>(gateway.Settings.More) { ["Gateway:Http:Address"] = Api } }));

    private protected static Task StartAsync(params TestGateway[] gateways) =>
        Task.WhenAll(gateways.Select(gateway => gateway.StartReadyAsync(Token)));

    private protected static async Task StopAsync(TestGateway gateway) => (await InTimeAsync("it stops", gateway.StopAsync())).ShouldBe(0);

    private protected async Task SendAsync(TestGateway gateway, params string[] bodies)
    {
        await using var client = new GatewayClient(new GatewayClientOptions { Address = gateway.Address, ApplicationName = "test" });
        foreach (var body in bodies) await client.EnqueueAsync(Orders, Encoding.UTF8.GetBytes(body), cancellationToken: Token);
    }

    private protected async Task UntilArrivedAsync(long messages)
    {
        var client = NewClient(Billing);
        await UntilAsync($"{messages} messages are at billing", async () => (await OperatorView.StateAsync(client, Token))
            .MessagesOf("orders") == messages);
    }

    private protected async Task<List<string>> ReceiveAsync(TestGateway gateway, int count)
    {
        var bodies = new List<string>();
        await foreach (var message in NewClient(gateway).ReceiveAsync("orders", cancellationToken: Token))
        {
            bodies.Add(Encoding.UTF8.GetString(message.Body.Span));
            await message.CompleteAsync(Token);
            if (bodies.Count == count) break;
        }

        return bodies;
    }

    private protected static async Task<LinkView> LinkAsync(TestGateway gateway)
    {
        await using var client = new GatewayClient(new GatewayClientOptions { Address = gateway.Address, ApplicationName = "test" });
        OperatorView.Note(client, gateway);
        return (await OperatorView.LinkAsync(client, "billing")).Link;
    }

    private protected static async Task<LinkView> UntilCauseAsync(TestGateway gateway, LinkCause cause)
    {
        LinkView? link = null;
        await UntilAsync($"the link is {cause}", async () => (link = await LinkAsync(gateway)).Cause == cause);
        return link!;
    }

    private protected static void Copy(TestGateway from, TestGateway to) => Copy(from.StorePath, to.StorePath);

    private protected static string CopyOf(TestGateway gateway)
    {
        Copy(gateway.StorePath, gateway.StorePath + "-copy");
        return gateway.StorePath + "-copy";
    }

    private protected static void PutBack(string copy, TestGateway gateway)
    {
        Directory.Delete(gateway.StorePath, recursive: true);
        Copy(copy, gateway.StorePath);
    }

    private protected static void Copy(string from, string to)
    {
        Directory.CreateDirectory(to);
        foreach (var file in Directory.EnumerateFiles(from)) File.Copy(file, Path.Combine(to, Path.GetFileName(file)));
    }

    /// <summary>Without the word that it takes, nothing is done.</summary>
    private protected static async Task<string[]> RenewAsync(TestGateway gateway)
    {
        var terminal = new TestTerminal();
        (await terminal.RunAsync("store", "renew", "--path", gateway.StorePath)).ShouldBe(ExitCode.NotConfirmed);
        terminal = new TestTerminal();
        (await terminal.RunAsync("store", "renew", "--path", gateway.StorePath, "--yes")).ShouldBe(ExitCode.Ok);
        CheckStore(gateway);
        return terminal.Output.Split('\n');
    }

    private protected async Task AcceptAsync()
    {
        var terminal = new TestTerminal();
        (await terminal.RunAsync("peer", "accept", "billing", "--gateway", Api)).ShouldBe(ExitCode.Ok);
        terminal = new TestTerminal();
        (await terminal.RunAsync("peer", "accept", "nobody", "--gateway", Api)).ShouldNotBe(ExitCode.Ok);
    }
}
