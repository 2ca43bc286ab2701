using Gateway.Cli.Demo;
using Gateway.Client;
using Shouldly;
using Xunit;

namespace Gateway.Tests.Crash;

/// <summary>The Windows executable as a service, and at a console.</summary>
public sealed partial class WindowsTests
{
    private string ToolsPath => Path.Combine(Folder, "tools.log");

    [Fact]
    public async Task A_service_runs_beside_its_program_and_is_stopped_in_order()
    {
        var (port, store) = (LoopbackPort.Free(1)[0], $"service-{Guid.NewGuid():N}");
        var storePath = Path.Combine(windows.ProgramFolder, store);
        // Wine ends its services when no other program is left.
        await using var user = StartTool("cmd");
        string[] options = ["--Gateway:Name=shop", $"--Gateway:Intake:Address=tcp://127.0.0.1:{port}", "--Gateway:Links:Address=", "--Gateway:Http:Address=", $"--Gateway:Store:Path={store}", $"--Gateway:Store:DiskReserveBytes={64 << 20}"];
        // Wine's service manager may just be ending with the programs of the test before, and forget what it is told.
        await UntilAsync("the service is known", async () =>
        {
            await RunToolAsync("sc", "create", "gateway", "binPath=", $"{windows.Executable} run {string.Join(' ', options)}");
            return await RunToolAsync("sc", "query", "gateway") == 0;
        });
        try
        {
            (await RunToolAsync("net", "start", "gateway")).ShouldBe(0, Written(ToolsPath));
            var client = Track(new GatewayClient(new GatewayClientOptions { Address = $"tcp://127.0.0.1:{port}", ApplicationName = "test", RequestTimeout = TimeSpan.FromMinutes(2) }));
            await client.SendAsync("orders@shop", "kept");

            (await RunToolAsync("net", "stop", "gateway")).ShouldBe(0, Written(ToolsPath));
            await UntilAsync("the service has stopped", async () => await RunToolAsync("sc", "query", "gateway") == 0 && Written(ToolsPath).Contains(": 1  STOPPED", StringComparison.Ordinal));
            Written(ToolsPath).ShouldContain("WIN32_EXIT_CODE    : 0 ");

            await using var check = StartVerb(["store", "check", "--path", storePath]);
            (await InTimeAsync("the check", check.Ended)).ShouldBe(0, Written(VerbsPath));
        }
        finally
        {
            if (Directory.Exists(storePath)) Directory.Delete(storePath, recursive: true);
        }
    }

    [Fact]
    public async Task Ctrl_C_at_a_console_stops_a_gateway_in_order()
    {
        var gateway = NewPair().Shop;
        await using var process = TestProcess.Start(windows.AtConsole(string.Join(' ', [windows.Executable.Replace("\\", "\\\\", StringComparison.Ordinal), "run", .. gateway.Arguments])), gateway.LogPath);
        await UntilAsync("it listens", async () =>
        {
            if (process.Ended.IsCompleted) throw new InvalidOperationException($"it ended with {await process.Ended}: {process.Output}");
            return await LoopbackPort.AcceptsAsync(gateway.IntakePort, Token);
        });

        await process.WriteLineAsync("\u0003");

        (await InTimeAsync("it stops", process.Ended)).ShouldBe(0, process.Output);
        await using var check = StartVerb(["store", "check", "--path", StoreOf(gateway)]);
        (await InTimeAsync("the check", check.Ended)).ShouldBe(0, Written(VerbsPath));
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

    private async Task<int> RunToolAsync(params string[] arguments)
    {
        await using var tool = StartTool(arguments);
        return await InTimeAsync(string.Join(' ', arguments), tool.Ended);
    }

    private TestProcess StartTool(params string[] arguments) => TestProcess.Start(windows.Wine(ToolsPath, arguments), Path.Combine(Folder, "nothing.txt"));
}
