using System.Diagnostics;
using Shouldly;
using Xunit;

namespace Gateway.Tests.Crash;

/// <summary>
/// The samples in other languages, as they stand in client/samples: each sends, receives, gives back, survives that its gateway is killed,
/// repeats, receives again and completes.
/// </summary>
[Kind(Kind.Process)]
public sealed class SampleTests : ProcessTest
{
    [Fact]
    [Needs("curl")]
    public Task Curl() => RoundTripAsync(gateway => gateway.Api, Tool.Curl, "sh", PathOf("curl", "roundtrip.sh"));

    [Fact]
    [Needs("pyzmq")]
    public Task Python_with_its_standard_library() =>
        RoundTripAsync(gateway => gateway.Api, Tool.Python, Tool.Python, "-B", PathOf("python", "roundtrip.py"));

    [Fact]
    [Needs("powershell")]
    public Task PowerShell() => RoundTripAsync(
        gateway => gateway.Api, Tool.PowerShell, Tool.PowerShell, "-NoProfile", "-File", PathOf("powershell", "roundtrip.ps1"));

    [Fact]
    [Needs("gcc", "libzmq")]
    public async Task C_with_libzmq()
    {
        var program = Path.Combine(Folder, "roundtrip");
        var compiler = Track(TestProcess.Start(
            new ProcessStartInfo(Tool.Gcc, ["-O1", "-Wall", "-Wextra", "-Werror", "-o", program, PathOf("c", "roundtrip.c"), "-lzmq"]),
            Path.Combine(Folder, "gcc.log")));
        (await InTimeAsync("gcc ends", compiler.Ended)).ShouldBe(0, compiler.Errors);

        await RoundTripAsync(gateway => gateway.Address, Tool.ZmqHeader, program);
    }

    [Fact]
    [Needs("node")]
    public Task Node_with_zeromq()
    {
        // A module is looked for beside its file and above.
        var sample = Path.Combine(Folder, "roundtrip.mjs");
        File.Copy(PathOf("node", "roundtrip.mjs"), sample);
        Directory.CreateSymbolicLink(
            Path.Combine(Folder, "node_modules"), Path.Combine(SourceTree.Root, "tests", "node_modules"));
        return RoundTripAsync(gateway => gateway.Address, Tool.Node, Tool.Node, sample);
    }

    [Fact]
    [Needs("pyzmq")]
    public Task Python_waits_for_a_queue_that_is_full() => WaitsForRoomAsync(Tool.Python, "-B", PathOf("python", "roundtrip.py"));

    [Fact]
    [Needs("powershell")]
    public Task PowerShell_waits_for_a_queue_that_is_full() =>
        WaitsForRoomAsync(Tool.PowerShell, "-NoProfile", "-File", PathOf("powershell", "roundtrip.ps1"));

    private static string PathOf(string folder, string file) => Path.Combine(SourceTree.Root, "client", "samples", folder, file);

    /// <param name="address">Where the sample reaches the gateway.</param>
    /// <param name="needed">A file of what the sample needs, which is there.</param>
    /// <param name="command">Runs the sample, without the address.</param>
    private async Task RoundTripAsync(Func<TestGateway, string> address, string needed, params string[] command)
    {
        File.Exists(needed).ShouldBeTrue();
        var gateway = NewGateways("local")[0];
        await gateway.StartReadyAsync(Token);
        var sample = Track(TestProcess.Start(
            new ProcessStartInfo(command[0], [.. command[1..], address(gateway)]), Path.Combine(Folder, "sample.log")));
        await UntilAsync("it waits for Enter", () =>
            sample.Output.Contains("press Enter", StringComparison.Ordinal) || sample.Ended.IsCompleted);

        await gateway.KillAsync();
        await gateway.StartReadyAsync(Token);
        await sample.WriteLineAsync("");

        (await InTimeAsync("the sample ends", sample.Ended)).ShouldBe(0, sample.Output + sample.Errors);
        sample.Output.Split('\n').ShouldBe(
        [
            "received hello, delivery 1", "Restart the gateway if you like, then press Enter.", "received hello, delivery 2", "completed",
        ]);
        (await OperatorView.StateAsync(NewClient(gateway), Token)).Messages().ShouldBe(0);
    }

    /// <param name="command">Runs the sample, without the address.</param>
    private async Task WaitsForRoomAsync(params string[] command)
    {
        var gateway = NewGateways(new Dictionary<string, string>
        {
            ["Gateway:Store:QueueMessagesMax"] = "1",
            ["Gateway:Telemetry:Prometheus"] = "true",
        }, "local")[0];
        await gateway.StartReadyAsync(Token);
        var client = NewClient(gateway);
        await client.EnqueueAsync("greetings@local", new byte[1], cancellationToken: Token);
        var sample = Track(TestProcess.Start(
            new ProcessStartInfo(command[0], [.. command[1..], gateway.Api]), Path.Combine(Folder, "sample.log")));
        using var http = new HttpClient();
        await UntilAsync("it was refused", async () =>
            (await http.GetStringAsync($"{gateway.Api}/metrics", Token)).Split('\n').Any(line =>
                line.StartsWith("gateway_intake_refused_total", StringComparison.Ordinal)
                && line.Contains("\"StoreFull\"", StringComparison.Ordinal)));

        await foreach (var message in client.ReceiveAsync("greetings", cancellationToken: Token))
        {
            await message.CompleteAsync(Token);
            break;
        }

        await UntilAsync("it has sent and received", () =>
            sample.Output.Contains("press Enter", StringComparison.Ordinal) || sample.Ended.IsCompleted);
        sample.Ended.IsCompleted.ShouldBeFalse(sample.Errors);
        await sample.WriteLineAsync("");
        (await InTimeAsync("the sample ends", sample.Ended)).ShouldBe(0, sample.Errors);
    }
}
