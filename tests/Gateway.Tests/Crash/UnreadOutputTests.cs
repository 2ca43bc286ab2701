using System.Globalization;
using System.Text.Json;
using Gateway.Cli.Demo.Processes;
using Gateway.Client;
using Shouldly;
using Xunit;

namespace Gateway.Tests.Crash;

/// <summary>Nobody reads what the gateway writes, and strangers give it much to say.</summary>
[Collection(ProcessCollection.Name)]
public sealed class UnreadOutputTests : ProcessTest
{
    /// <summary>More lines than wait, in the settings below, and than go out of one kind.</summary>
    private static readonly int _knocks =
        int.Parse(Environment.GetEnvironmentVariable("GATEWAY_STRANGERS") ?? "150", CultureInfo.InvariantCulture);

    private static readonly TimeSpan _quick = TimeSpan.FromSeconds(5);

    [Theory]
    [InlineData("simple", "")]
    [InlineData("json", "")]
    [InlineData("json", "2>&1")]
    public async Task Messages_flow_health_answers_and_SIGTERM_is_obeyed(string format, string tail)
    {
        var (settings, http) = Settings(("Logging:Console:FormatterName", format));
        await using var gateway = new SilencedGateway(settings, tail);
        await gateway.ReadyAsync(Token);

        await Strangers.KnockAsync(settings.IntakePort, _knocks);

        await using var client = new GatewayClient(new GatewayClientOptions { Address = settings.IntakeAddress, ApplicationName = "test" });
        await client.SendAsync("q@near", "it flows");
        (await InTimeAsync("a message", client.TakeAsync("q", 1))).ShouldBe(["it flows"]);
        using var caller = new HttpClient();
        (await caller.GetStringAsync(new Uri(http, "healthz"), Token)).ShouldContain("healthy");
        (await LinesDroppedAsync(caller, http)).ShouldBePositive();
        var (exitCode, took) = await gateway.StopAsync(Token);
        exitCode.ShouldBe(0);
        took.ShouldBeLessThan(_quick);
    }

    [Fact]
    public async Task Once_somebody_reads_again_the_log_says_what_was_dropped()
    {
        var (settings, _) = Settings();
        await using var gateway = new SilencedGateway(settings);
        await gateway.ReadyAsync(Token);
        await Strangers.KnockAsync(settings.IntakePort, _knocks);

        (await InTimeAsync("the line", gateway.ReadUntilAsync("Dropped from this log", Token))).ShouldContain("warn");
    }

    [Theory]
    [InlineData(">&-")]
    [InlineData(">&- 2>&-")]
    [InlineData("> /dev/full")]
    public async Task An_output_that_takes_nothing_is_no_harm(string tail)
    {
        var (settings, http) = Settings();
        await using var gateway = new SilencedGateway(settings, tail, isFull: false);
        await gateway.ReadyAsync(Token);
        await Strangers.KnockAsync(settings.IntakePort, 50);

        using var caller = new HttpClient();
        (await LinesDroppedAsync(caller, http)).ShouldBePositive();
        var (exitCode, took) = await gateway.StopAsync(Token);
        exitCode.ShouldBe(0);
        took.ShouldBeLessThan(_quick);
    }

    private (GatewayProcessSettings Settings, Uri Http) Settings(params (string Key, string Value)[] more)
    {
        var ports = LoopbackPort.Free(3);
        var settings = new GatewayProcessSettings
        {
            Name = "near",
            Folder = Folder,
            LinksPort = ports[0],
            IntakePort = ports[1],
            Peers = new Dictionary<string, string>(),
            More = new Dictionary<string, string>(more.Select(pair => KeyValuePair.Create(pair.Key, pair.Value)))
            {
                ["Gateway:Http:Address"] = $"http://127.0.0.1:{ports[2]}",
                ["Logging:Console:MaxQueueLength"] = "20",
            },
        };
        return (settings, new Uri($"http://127.0.0.1:{ports[2]}/"));
    }

    private static async Task<long> LinesDroppedAsync(HttpClient caller, Uri http)
    {
        using var state = JsonDocument.Parse(await caller.GetStringAsync(new Uri(http, "api/v1/state"), Token));
        return state.RootElement.GetProperty("logLinesDropped").GetInt64();
    }
}
