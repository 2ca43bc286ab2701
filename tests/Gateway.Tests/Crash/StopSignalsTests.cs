using System.Diagnostics;
using Gateway.Cli;
using Gateway.Cli.Demo.Processes;
using Shouldly;
using Xunit;

namespace Gateway.Tests.Crash;

/// <summary>
/// A gateway in a terminal stops in order on every signal of the terminal; or goes on, if it was started that way.
/// </summary>
[Collection(ProcessCollection.Name)]
public sealed class StopSignalsTests : ProcessTest
{
    [Theory]
    [InlineData((int)TestProcess.UnixSignal.HangUp)]
    [InlineData((int)TestProcess.UnixSignal.Quit)]
    public async Task It_stops_in_order(int signal)
    {
        var gateway = NewGateways("shop")[0];
        await gateway.StartReadyAsync(Token);

        gateway.Process.Send((TestProcess.UnixSignal)signal);

        (await InTimeAsync("it stops", gateway.Process.Ended)).ShouldBe(0);
        gateway.Process.Output.ShouldContain("Gateway shop has stopped.");
    }

    [Theory]
    [InlineData((int)TestProcess.UnixSignal.HangUp)]
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
