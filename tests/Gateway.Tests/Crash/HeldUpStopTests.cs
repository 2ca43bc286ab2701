using System.Net;
using System.Net.Sockets;
using Shouldly;
using Xunit;

namespace Gateway.Tests.Crash;

/// <summary>A gateway is told to stop while something outside it holds up a part that is not its loop or its store.</summary>
[Kind(Kind.Process)]
public sealed class HeldUpStopTests : ProcessTest
{
    /// <summary>Below the limit of any part of a stop whose limit is not configured.</summary>
    private static readonly TimeSpan _stopMax = TimeSpan.FromSeconds(15);

    /// <summary>A named pipe that nobody writes stands for a file on a share that hangs: its reader waits for ever.</summary>
    [Fact]
    public async Task A_configuration_file_that_cannot_be_read_to_its_end()
    {
        var file = Path.Combine(Folder, "shop.json");
        await File.WriteAllTextAsync(file, "{}", Token);
        var gateway = NewGateways(new Dictionary<string, string> { ["config"] = file }, "shop")[0];
        await gateway.StartReadyAsync(Token);
        var pipe = Path.Combine(Folder, "pipe");
        await InTimeAsync("a pipe", Track(TestProcess.Start(new("mkfifo", [pipe]), Path.Combine(Folder, "mkfifo.log"))).Ended);
        File.Move(pipe, file, overwrite: true);
        using var writer = await InTimeAsync("it is read", Task.Run(
            () => new FileStream(file, FileMode.Open, FileAccess.Write, FileShare.ReadWrite), Token));

        await ShouldStopAsync(gateway);
    }

    [Fact]
    public async Task A_collector_that_takes_connections_and_never_answers()
    {
        using var collector = new TcpListener(IPAddress.Loopback, 0);
        collector.Start();
        var gateway = NewGateways(new Dictionary<string, string>
        {
            ["Gateway:Telemetry:OtlpEndpoint"] = $"http://127.0.0.1:{((IPEndPoint)collector.LocalEndpoint).Port}",
        }, "shop")[0];
        await gateway.StartReadyAsync(Token);
        await NewClient(gateway).SendAsync("q@shop", "one");

        await ShouldStopAsync(gateway);
    }

    private static async Task ShouldStopAsync(TestGateway gateway)
    {
        var began = TimeProvider.System.GetTimestamp();
        (await InTimeAsync("it stops", gateway.StopAsync())).ShouldBe(0);
        TimeProvider.System.GetElapsedTime(began).ShouldBeLessThan(_stopMax);
        gateway.Process.Errors.ShouldBeEmpty();
        gateway.Process.Output.ShouldContain("Gateway shop has stopped.");
        CheckStore(gateway);
    }
}
