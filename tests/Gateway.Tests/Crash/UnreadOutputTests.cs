using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using Gateway.Cli.Demo;
using Gateway.Client;
using Shouldly;
using Xunit;

namespace Gateway.Tests.Crash;

/// <summary>Nobody reads what the gateway writes, and strangers give it much to say.</summary>
[Collection(ProcessCollection.Name)]
public sealed class UnreadOutputTests : ProcessTest
{
    private const int Strangers = 3_500;

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

        await KnockAsync(settings.IntakePort, Strangers);

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
    public async Task Once_somebody_reads_again_the_log_says_what_was_dropped_and_what_was_left_out()
    {
        var (settings, _) = Settings();
        await using var gateway = new SilencedGateway(settings);
        await gateway.ReadyAsync(Token);
        await KnockAsync(settings.IntakePort, Strangers);

        var said = await InTimeAsync("the line", gateway.ReadUntilAsync("lines of this log were dropped", Token));
        var leftOut = await InTimeAsync("the summary", gateway.ReadUntilAsync("more lines of the kind LogCut were left out", Token));

        said.ShouldContain("warn");
        leftOut.ShouldContain("NotZmtp");
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
        await KnockAsync(settings.IntakePort, 50);

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

    /// <summary>Each is cut, and a line of the log says so.</summary>
    private static async Task KnockAsync(int port, int count)
    {
        for (var i = 0; i < count; i++)
        {
            using var stranger = new TcpClient();
            await stranger.ConnectAsync(IPAddress.Loopback, port, Token);
            await stranger.Client.SendAsync("GET / HTTP/1.1\r\n\r\n"u8.ToArray(), Token);
            try
            {
                // The gateway greets before it has read.
                while (await stranger.Client.ReceiveAsync(new byte[256], Token).AsTask().WaitAsync(TimeSpan.FromSeconds(10), Token) > 0)
                {
                }
            }
            catch (SocketException e)
            {
                e.SocketErrorCode.ShouldBe(SocketError.ConnectionReset);
            }
        }
    }

    private static async Task<long> LinesDroppedAsync(HttpClient caller, Uri http)
    {
        using var state = JsonDocument.Parse(await caller.GetStringAsync(new Uri(http, "api/v1/state"), Token));
        return state.RootElement.GetProperty("logLinesDropped").GetInt64();
    }
}
