using System.Diagnostics;
using Gateway.Cli;
using Gateway.Cli.Demo;
using Shouldly;
using Xunit;

namespace Gateway.Tests.Crash;

/// <summary>The reader of a verb's output goes, or its disk is full.</summary>
[Collection(ProcessCollection.Name)]
public sealed class LostOutputTests : ProcessTest
{
    private const int Messages = 30;

    [Theory]
    [InlineData("receive q --complete --count 30")]
    [InlineData("receive q --complete --count 30 --verbose")]
    public async Task What_a_reader_that_goes_has_not_read_is_given_back(string verb)
    {
        var gateway = await StartAsync();

        var (exitCode, output, errors) = await RunAsync(gateway, verb, "| head -1");

        exitCode.ShouldBe((int)ExitCode.OutputLost);
        output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length.ShouldBe(1);
        errors.ShouldContain("given back to the queue");
        // With --verbose the reader has gone before the first message was whole.
        var left = verb.EndsWith("--verbose", StringComparison.Ordinal) ? Messages : Messages - 1;
        (await NewClient(gateway).TakeAsync("q", left)).Order().ShouldBe(ProcessMessages.Numbered(Messages).TakeLast(left).Order());
    }

    [Fact]
    public async Task A_reader_that_reads_on_gets_all_and_all_are_taken()
    {
        var gateway = await StartAsync();

        var (exitCode, output, _) = await RunAsync(gateway, "receive q --complete --count 30", "| cat");

        exitCode.ShouldBe(0);
        output.Split('\n', StringSplitOptions.RemoveEmptyEntries).ShouldBe(ProcessMessages.Numbered(Messages));
        (await GatewayView.AskAsync(NewClient(gateway), Token)).Messages.ShouldBe(0);
    }

    [Fact]
    public async Task An_output_that_takes_nothing_is_said_and_takes_nothing()
    {
        var gateway = await StartAsync();
        string[] verbs =
        [
            "receive q --complete --count 30", "receive q", "status", "status --output json", "queue ls", "queue ls --output jsonl", "queue peek q",
            "queue export q", "message ls", "message show q 1 --body", "message show q 1", "peer ls", "deadletter ls", "deadletter export", "links",
            "audit --output json", "--help", "--version", "token new --name anna --roles read", "completion bash",
        ];

        foreach (var verb in verbs)
        {
            var (exitCode, _, errors) = await RunAsync(gateway, verb, "> /dev/full");

            errors.ShouldContain("The output could not be written", customMessage: verb);
            exitCode.ShouldBe((int)ExitCode.OutputLost, verb);
        }

        (await GatewayView.AskAsync(NewClient(gateway), Token)).Messages.ShouldBe(Messages);
    }

    [Theory]
    [InlineData("send q@near more", "The message was accepted, as ")]
    [InlineData("queue pause q --why test", "Nothing leaves")]
    [InlineData("queue purge q --all --yes --why test --output json", "Purged")]
    public async Task What_is_done_already_is_said_on_the_standard_error(string verb, string done)
    {
        var (exitCode, _, errors) = await RunAsync(await StartAsync(), verb, "> /dev/full");

        errors.ShouldContain(done, Case.Insensitive);
        exitCode.ShouldBe((int)ExitCode.OutputLost);
    }

    [Fact]
    public async Task Monitoring_that_cannot_be_told_is_unknown()
    {
        var gateway = await StartAsync();

        var (exitCode, _, errors) = await RunAsync(gateway, "check", "> /dev/full");

        exitCode.ShouldBe((int)CheckState.Unknown);
        errors.ShouldContain("The output could not be written");
    }

    [Fact]
    public async Task Somebody_who_follows_events_and_goes_is_noticed_though_nothing_happens()
    {
        var gateway = await StartAsync();

        var (exitCode, _, errors) = await RunAsync(gateway, "events --follow", "| (exec <&-; sleep 1)");

        exitCode.ShouldBe((int)ExitCode.OutputLost);
        errors.ShouldContain("its reader has gone");
    }

    private async Task<TestGateway> StartAsync()
    {
        var http = LoopbackPort.Free(1)[0];
        var gateway = NewGateways(new Dictionary<string, string> { ["Gateway:Http:Address"] = $"http://127.0.0.1:{http}" }, "near")[0];
        await gateway.StartReadyAsync(Token);
        await NewClient(gateway).SendAllAsync("q@near", ProcessMessages.Numbered(Messages));
        return gateway;
    }

    /// <param name="tail">What the shell does with the output. The exit code is the verb's.</param>
    private static async Task<(int ExitCode, string Output, string Errors)> RunAsync(TestGateway gateway, string verb, string tail)
    {
        var start = Executable.Start(verb.Split(' '));
        start = new ProcessStartInfo("/bin/bash", ["-c", $"\"$0\" \"$@\" {tail}; exit ${{PIPESTATUS[0]}}", start.FileName, .. start.ArgumentList])
        {
            WorkingDirectory = gateway.Settings.Folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["Gateway__Intake__Address"] = gateway.Address;
        start.Environment["Gateway__Http__Address"] = gateway.Settings.More["Gateway:Http:Address"];
        using var process = Process.Start(start)!;
        var (output, errors) = (process.StandardOutput.ReadToEndAsync(Token), process.StandardError.ReadToEndAsync(Token));
        await InTimeAsync($"'{verb}' ends", process.WaitForExitAsync(Token));
        return (process.ExitCode, await output, await errors);
    }
}
