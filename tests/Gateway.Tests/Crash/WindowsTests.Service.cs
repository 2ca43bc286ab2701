using Gateway.Cli.Demo.Processes;
using Shouldly;
using Xunit;

namespace Gateway.Tests.Crash;

/// <summary>The Windows executable as a service.</summary>
public sealed partial class WindowsTests
{
    private const string Service = "Gateway";

    [Fact]
    public async Task A_service_that_is_stopped_stops_a_gateway_in_order()
    {
        var gateway = NewPair().Shop;
        // Wine's service manager ends with the last program, and forgets what it was told.
        var keepingPath = Path.Combine(Folder, "keeping.txt");
        await using var keeping = TestProcess.Start(
            windows.Program(keepingPath, "cmd", "/c", "echo begun& ping -n 300 127.0.0.1 >nul"), Path.Combine(Folder, "nothing.txt"));
        await UntilAsync("it has begun", () => Written(keepingPath).Contains("begun", StringComparison.Ordinal));
        await ControlAsync("create", Service, "start=", "demand", "binPath=",
            string.Join(' ', [windows.Executable, "run", .. gateway.Arguments]));
        await ControlAsync("start", Service);
        await UntilAsync("it listens", () => LoopbackPort.AcceptsAsync(gateway.IntakePort, Token));

        await ControlAsync("stop", Service);

        await UntilAsync("the service manager says that it has stopped", async () =>
        {
            File.Delete(ToolsPath);
            await ControlAsync("query", Service);
            return Written(ToolsPath).Contains("STOPPED", StringComparison.Ordinal);
        });
        Written(ToolsPath).ShouldContain("WIN32_EXIT_CODE    : 0");
        await ShouldBeWholeAsync(gateway);
        await ControlAsync("delete", Service);
    }

    private async Task ControlAsync(params string[] arguments)
    {
        await using var control =
            TestProcess.Start(windows.Program(ToolsPath, ["sc", .. arguments]), Path.Combine(Folder, "nothing.txt"));
        (await InTimeAsync($"sc {arguments[0]}", control.Ended)).ShouldBe(0, Written(ToolsPath));
    }
}
