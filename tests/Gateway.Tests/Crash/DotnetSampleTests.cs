using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Gateway.Cli.Demo.Processes;
using Gateway.Client;
using Shouldly;
using Xunit;

namespace Gateway.Tests.Crash;

/// <summary>The samples for .NET beside a real gateway: a console program, and a web application with outbox and inbox.</summary>
[Collection(ProcessCollection.Name)]
public sealed class DotnetSampleTests : ProcessTest
{
    private const int IdsMax = 1_000;

    [Fact]
    public async Task The_console_program_sends_and_receives()
    {
        var start = await DotnetSamples.BuildAsync("console", Folder);
        var gateway = NewGateways("local")[0];
        await gateway.StartReadyAsync(Token);
        start.ArgumentList.Add(gateway.Address);

        await using var program = TestProcess.Start(start, Path.Combine(Folder, "console.log"));

        (await InTimeAsync("it ends", program.Ended)).ShouldBe(0, program.Errors);
        program.Output.ShouldBe("hello");
        (await NewClient(gateway).GetQueueAsync("greetings", Token)).Messages.ShouldBe(0);
    }

    [Fact]
    public async Task The_web_application_sends_what_it_has_stored_and_counts_each_shipment_once()
    {
        var start = await DotnetSamples.BuildAsync("web", Folder);
        var gateway = NewGateways(
            new Dictionary<string, string> { ["Gateway:Store:AcceptedIdsMax"] = IdsMax.ToString(CultureInfo.InvariantCulture) },
            "local")[0];
        await gateway.StartReadyAsync(Token);
        var client = NewClient(gateway);
        var address = $"http://127.0.0.1:{LoopbackPort.Free(1)[0]}";
        foreach (var argument in (string[])["--urls", address, "--Gateway:Address", gateway.Address,
            "--ConnectionStrings:Shop", $"Data Source={Path.Combine(Folder, "shop.db")}"])
            start.ArgumentList.Add(argument);
        var web = Track(TestProcess.Start(start, Path.Combine(Folder, "web.log")));
        await UntilAsync("it listens", () => web.Output.Contains("Application started") || web.Ended.IsCompleted);
        using var http = new HttpClient { BaseAddress = new Uri(address) };

        // While the gateway is down, orders are taken all the same; one of nothing leaves nothing.
        await gateway.KillAsync();
        using (var taken = await http.PostAsJsonAsync("/orders", new { Customer = "Ada", Pieces = 3 }, Token))
            taken.StatusCode.ShouldBe(HttpStatusCode.Created, web.Output);
        using (var refused = await http.PostAsJsonAsync("/orders", new { Customer = "Bob", Pieces = 0 }, Token))
            refused.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        await gateway.StartReadyAsync(Token);
        await UntilAsync("the order is sent", async () => (await client.GetQueueAsync("warehouse", Token)).Messages == 1);
        var order = JsonSerializer.Deserialize<JsonElement>((await client.PeekAsync("warehouse", cancellationToken: Token))[0].Body.Span);
        order.GetProperty("pieces").GetInt32().ShouldBe(3);

        // The same shipment comes again when the gateway has forgotten its id, and counts once; one of no order is a dead letter.
        var number = order.GetProperty("order").GetInt32();
        var once = new EnqueueOptions { MessageId = MessageId.New(DateTimeOffset.UnixEpoch) };
        await client.EnqueueAsync("shipments@local", new { Order = number, Pieces = 2 }, once, cancellationToken: Token);
        await UntilAsync("it is handled", async () => (await client.GetQueueAsync("shipments", Token)).Messages == 0);
        for (var i = 0; i < 3; i++)
            await client.EnqueueAsync(
                "other@local", [.. Enumerable.Range(0, IdsMax).Select(_ => new OutgoingMessage { Body = new byte[1] })], Token);
        await client.EnqueueAsync("shipments@local", new { Order = number, Pieces = 2 }, once, cancellationToken: Token);
        await client.EnqueueAsync("shipments@local", new { Order = 99, Pieces = 2 }, cancellationToken: Token);
        await UntilAsync("they are handled", async () => (await client.GetQueueAsync("shipments", Token)).Messages == 0);
        (await http.GetFromJsonAsync<JsonElement>($"/orders/{number}", Token)).GetProperty("shipped").GetInt32().ShouldBe(2);
        await UntilAsync("one is a dead letter", async () => (await OperatorView.StateAsync(client, Token)).DeadLetters == 1);
        (await http.GetStringAsync("/healthz", Token)).ShouldBe("Healthy");

        web.Send(TestProcess.UnixSignal.Terminate);
        (await InTimeAsync("the application ends", web.Ended)).ShouldBe(0);
    }
}
