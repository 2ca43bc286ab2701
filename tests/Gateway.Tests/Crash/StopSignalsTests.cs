using System.Diagnostics;
using Gateway.Cli;
using Gateway.Cli.Demo.Processes;
using Shouldly;
using Xunit;

namespace Gateway.Tests.Crash;

/// <summary>
/// A gateway in a terminal stops in order on every signal of the terminal; or goes on, if it was started that way.
/// </summary>
[Kind(Kind.Process)]
public sealed class StopSignalsTests : ProcessTest
{
    [Fact]
    public async Task It_stops_in_order()
    {
        var gateway = NewGateways("shop")[0];
        await gateway.StartReadyAsync(Token);

        gateway.Process.Send(TestProcess.UnixSignal.Quit);

        (await InTimeAsync("it stops", gateway.Process.Ended)).ShouldBe(0);
        gateway.Process.Output.ShouldContain("Gateway shop has stopped.");
    }

    [Fact]
    public async Task It_stops_in_order_when_its_terminal_goes_away()
    {
        var gateway = NewGateways("shop")[0];
        var usual = Executable.Start([RunVerb.Name, .. gateway.Settings.Arguments]);
        var output = Path.Combine(Folder, "terminal.txt");
        await using var terminal = TestProcess.Start(
            new ProcessStartInfo("script",
                ["-q", "-c", $"exec {string.Join(' ', usual.ArgumentList.Prepend(usual.FileName))} > {output} 2>&1", "/dev/null"]),
            Path.Combine(Folder, "script.log"));
        await NewClient(gateway).SendAsync("q@shop", "before");

        terminal.Send(TestProcess.UnixSignal.Kill);

        await UntilAsync("it has stopped", () => File.ReadAllText(output).Contains("Gateway shop has stopped.", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Without_a_terminal_a_hang_up_stops_nothing()
    {
        var gateway = NewGateways("shop")[0];
        gateway.Start("setsid");
        await gateway.WaitUntilReadyAsync(Token);

        gateway.Process.Send(TestProcess.UnixSignal.HangUp);

        await UntilAsync(
            "it has read its configuration", () => gateway.Process.Output.Contains("again (SIGHUP)", StringComparison.Ordinal));
        await NewClient(gateway).SendAsync("q@shop", "after a hang-up");
    }

    [Theory]
    [InlineData((int)TestProcess.UnixSignal.Quit)]
    [InlineData((int)TestProcess.UnixSignal.Terminate)]
    [Needs("strace")]
    public async Task A_gateway_that_waits_for_its_store_ends_and_says_what_kept_it(int signal)
    {
        await using var gateway = NewGateways("shop")[0];
        await gateway.StartReadyAsync(Token);
        await gateway.StopAsync();
        gateway.Start(Tool.Strace, "-D", "-f", "-qq", "-o", "/dev/null", "-e", "trace=pwrite64", "-e", "inject=pwrite64:error=ENOSPC");
        await UntilAsync(
            "it waits for its store", () => gateway.Process.Output.Contains("The store cannot be opened yet", StringComparison.Ordinal));

        gateway.Process.Send((TestProcess.UnixSignal)signal);

        (await InTimeAsync("it ends", gateway.Process.Ended)).ShouldBe(1);
        gateway.Process.Errors.ShouldContain("no space is left");
    }

    [Fact]
    public async Task Under_nohup_it_goes_on_without_its_terminal()
    {
        var gateway = NewGateways("shop")[0];
        var usual = Executable.Start([RunVerb.Name, .. gateway.Settings.Arguments]);
        await using var process = TestProcess.Start(
            new ProcessStartInfo("nohup", [usual.FileName, .. usual.ArgumentList]), Path.Combine(Folder, "nohup.log"));
        var client = NewClient(gateway);
        await client.SendAsync("q@shop", "before");

        process.Send(TestProcess.UnixSignal.HangUp);

        await client.SendAsync("q@shop", "after");
        process.Ended.IsCompleted.ShouldBeFalse();
        process.Send(TestProcess.UnixSignal.Terminate);
        (await InTimeAsync("it stops", process.Ended)).ShouldBe(0);
    }
}
