using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Json;
using System.Text.Json;
using Gateway.Cli.Api;
using Gateway.Cli.Demo.Processes;
using Gateway.Client;
using Gateway.Store.Messages;
using Shouldly;

namespace Gateway.Tests.Crash;

/// <summary>
/// The common base of tests whose gateways have a disk that refuses something: small volumes, messages until one is refused, and the checks
/// once the disk grants it again.
/// </summary>
public abstract class RefusingDiskTest : ProcessTest
{
    private protected const int Megabyte = 1024 * 1024;

    private const int BodyBytes = 100_000;
    private const int VolumeMegabytes = 8;
    private const int StepsMax = 2_000;

    private readonly int _port = LoopbackPort.Free(1)[0];

    private protected HttpClient Http { get; } = new(new ResetOnConnect(new SocketsHttpHandler()));

    private protected TestGateway NewGateway() => NewGateways(
        new Dictionary<string, string>
        {
            ["Gateway:Http:Address"] = Address(""),
            ["Gateway:Store:VolumeBytes"] = $"{VolumeMegabytes * Megabyte}",
            ["Gateway:Store:DiskReserveBytes"] = $"{(VolumeMegabytes * Megabyte) + StoreSettings.KeptBackBytes}",
        },
        "local")[0];

    private protected string Address(string path) => $"http://127.0.0.1:{_port.ToString(CultureInfo.InvariantCulture)}{path}";

    private protected async Task<int> SendAsync(TestGateway gateway, int count)
    {
        var (sent, why) = await SendUntilFullAsync(gateway, 0, count);
        why.ShouldBe("");
        return sent;
    }

    /// <summary>Sends one message after the other until one is refused for want of room, or there are enough.</summary>
    private protected async Task<(int Sent, string Why)> SendUntilFullAsync(TestGateway gateway, int sent, int most = StepsMax)
    {
        var client = NewClient(gateway);
        try
        {
            for (var last = sent + most; sent < last; sent++)
                await InTimeAsync("an answer", client.EnqueueAsync("jobs@local", new byte[BodyBytes], null, Token).AsTask());
            return (sent, "");
        }
        catch (GatewayException refused) when (refused.Reason == GatewayError.StoreFull)
        {
            return (sent, refused.Message);
        }
    }

    /// <summary>Every accepted message arrives, nothing is damaged, new messages are taken, and the store is whole.</summary>
    private protected async Task ShouldGoOnAsync(TestGateway gateway, int sent, Task<IReadOnlyList<string>> taken, bool stops = true)
    {
        (await InTimeAsync("everything that was accepted", taken)).Count.ShouldBe(sent);
        var client = NewClient(gateway);
        await UntilAsync("messages are taken again", async () => (await SendUntilFullAsync(gateway, 0, most: 1)).Sent == 1);
        (await InTimeAsync("the message after", client.TakeAsync("jobs", 1))).Count.ShouldBe(1);
        await UntilAsync("health says nothing of the disk", async () => !(await HealthAsync()).Contains("disk", StringComparison.Ordinal));
        var state = await Http.GetFromJsonAsync<JsonElement>(Address("/api/v1/state"), Token);
        (state.GetProperty("damaged").GetInt64(), state.GetProperty("deadLetters").GetInt32()).ShouldBe((0, 0));
        if (!stops) return;
        (await InTimeAsync("the gateway stops", gateway.StopAsync())).ShouldBe(0);
        CheckStore(gateway);
    }

    private protected Task UntilHealthSaysAsync(string what) =>
        UntilAsync($"health says '{what}'", async () => (await HealthAsync()).Contains(what, StringComparison.Ordinal));

    private async Task<string> HealthAsync()
    {
        try
        {
            using var answer = await Http.GetAsync(new Uri(Address("/healthz")), Token);
            return await answer.Content.ReadAsStringAsync(Token);
        }
        catch (HttpRequestException)
        {
            return "";
        }
    }

    private protected static async Task RunAsync(string program, params string[] arguments)
    {
        using var process = Process.Start(program, arguments);
        await process.WaitForExitAsync(Token);
        process.ExitCode.ShouldBe(0);
    }
}
