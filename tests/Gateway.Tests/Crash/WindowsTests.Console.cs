using Gateway.Cli.Demo.Processes;
using Shouldly;
using Xunit;

namespace Gateway.Tests.Crash;

/// <summary>The Windows executable at a console.</summary>
public sealed partial class WindowsTests
{
    private string ToolsPath => Path.Combine(Folder, "tools.log");

    [Fact]
    public async Task Ctrl_C_at_a_console_stops_a_gateway_in_order()
    {
        var gateway = NewPair().Shop;
        await using var process = await StartAtConsoleAsync(gateway);

        await process.WriteLineAsync("\u0003");

        (await InTimeAsync("it stops", process.Ended)).ShouldBe(0, process.Output);
        await ShouldBeWholeAsync(gateway);
    }

    [Theory]
    [InlineData(ConsoleEvent.Break)]
    [InlineData(ConsoleEvent.Close)]
    [InlineData(ConsoleEvent.Shutdown)]
    public async Task Ctrl_Break_a_closed_window_and_a_shutdown_stop_a_gateway_in_order(int consoleEvent)
    {
        var gateway = NewPair().Shop;
        await using var process = await StartAtConsoleAsync(gateway);

        await windows.SendAsync(consoleEvent);

        // Closing the window ends the process as soon as the event is obeyed; that the stop was an orderly one, its log says.
        await InTimeAsync("it stops", process.Ended);
        process.Output.Replace("\n", "", StringComparison.Ordinal).ShouldContain("has stopped");
        await ShouldBeWholeAsync(gateway);
    }

    [Fact]
    public async Task A_console_of_an_old_code_page_shows_every_character_and_is_left_as_it_was()
    {
        var executable = windows.Executable.Replace("\\", "\\\\", StringComparison.Ordinal);

        await using var process = TestProcess.Start(windows.AtConsole($"cmd /c \"chcp 850 & {executable} grüße & chcp\""), ToolsPath);

        (await InTimeAsync("it ends", process.Ended)).ShouldBe(0, process.Output);
        process.Output.ShouldContain("There is no verb 'grüße'.");
        process.Output[process.Output.IndexOf("grüße", StringComparison.Ordinal)..].ShouldContain("850");
    }

    private async Task<TestProcess> StartAtConsoleAsync(GatewayProcessSettings gateway)
    {
        var process = Track(TestProcess.Start(windows.AtConsole(string.Join(
            ' ', [windows.Executable.Replace("\\", "\\\\", StringComparison.Ordinal), "run", .. gateway.Arguments])), gateway.LogPath));
        await UntilAsync("it listens", async () =>
        {
            if (process.Ended.IsCompleted) throw new InvalidOperationException($"it ended with {await process.Ended}: {process.Output}");
            return await LoopbackPort.AcceptsAsync(gateway.IntakePort, Token);
        });
        return process;
    }

    private async Task ShouldBeWholeAsync(GatewayProcessSettings gateway)
    {
        await using var check = StartVerb(["store", "check", "--path", StoreOf(gateway)]);
        (await InTimeAsync("the check", check.Ended)).ShouldBe(0, Written(VerbsPath));
    }
}
