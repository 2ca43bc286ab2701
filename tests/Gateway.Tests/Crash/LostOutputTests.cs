using System.Diagnostics;
using System.Globalization;
using Gateway.Cli.Check;
using Gateway.Cli.Demo.Processes;
using Gateway.Cli.Shell;
using Shouldly;
using Xunit;

namespace Gateway.Tests.Crash;

/// <summary>
/// The reader of a verb's output goes, or its disk is full. Each test has a queue of its own, {q} in the verbs, of one gateway.
/// </summary>
[Kind(Kind.Process)]
public sealed class LostOutputTests(LostOutputFixture fixture) : ProcessTest, IClassFixture<LostOutputFixture>
{
    private const int Messages = 30;

    private static int _queues;

    private readonly string _queue = string.Create(CultureInfo.InvariantCulture, $"q{Interlocked.Increment(ref _queues)}");

    [Theory]
    [InlineData("receive {q} --complete --count 30")]
    [InlineData("receive {q} --complete --count 30 --verbose")]
    public async Task What_a_reader_that_goes_has_not_read_is_given_back(string verb)
    {
        await FillAsync();

        var (exitCode, output, errors) = await RunAsync(verb, "| head -1");

        exitCode.ShouldBe((int)ExitCode.OutputLost);
        output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length.ShouldBe(1);
        errors.ShouldContain("given back to the queue");
        var client = NewClient(fixture.Gateway);
        var left = (int)(await OperatorView.StateAsync(client, Token)).MessagesOf(_queue);
        // With --verbose the reader goes as a rule before the first message is whole; one that began to read late has got all its lines.
        left.ShouldBeInRange(Messages - 1, verb.EndsWith("--verbose", StringComparison.Ordinal) ? Messages : Messages - 1);
        (await InTimeAsync("what is left", client.TakeAsync(_queue, left)))
            .Order().ShouldBe(ProcessMessages.Numbered(Messages).TakeLast(left).Order());
    }

    [Fact]
    public async Task A_reader_that_takes_one_and_goes_later_has_taken_one()
    {
        await FillAsync();

        var (exitCode, output, errors) = await RunAsync(
            "receive {q} --complete --count 30", "| (read -r line; echo \"$line\"; sleep 1)");

        exitCode.ShouldBe((int)ExitCode.OutputLost);
        output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length.ShouldBe(1);
        errors.ShouldContain("given back to the queue");
        (await NewClient(fixture.Gateway).TakeAsync(_queue, Messages - 1)).Count.ShouldBe(Messages - 1);
    }

    [Fact]
    public async Task A_reader_that_reads_on_gets_all_and_all_are_taken()
    {
        await FillAsync();

        var (exitCode, output, _) = await RunAsync("receive {q} --complete --count 30", "| cat");

        exitCode.ShouldBe(0);
        output.Split('\n', StringSplitOptions.RemoveEmptyEntries).ShouldBe(ProcessMessages.Numbered(Messages));
        (await OperatorView.StateAsync(NewClient(fixture.Gateway), Token)).MessagesOf(_queue).ShouldBe(0);
    }

    [Theory]
    // The first two fit whole into the pipe, so that only the end tells that nobody read them; the reader of the first goes when all is
    // written. The third does not fit.
    [InlineData(600, "| (read -r line; echo \"$line\"; sleep 1)")]
    [InlineData(600, "| head -1")]
    [InlineData(20_000, "| head -1")]
    public async Task An_export_whose_reader_goes_claims_no_number_and_leaves_the_queue_as_it_is(int bytes, string reader)
    {
        var texts = ProcessMessages.Numbered(Messages).Select(text => text.PadRight(bytes, '.')).ToArray();
        await NewClient(fixture.Gateway).SendAllAsync($"{_queue}@near", texts);

        var (exitCode, output, errors) = await RunAsync("queue export {q}", reader);

        exitCode.ShouldBe((int)ExitCode.OutputLost);
        output.Split('\n', StringSplitOptions.RemoveEmptyEntries).ShouldHaveSingleItem().ShouldNotContain("\"number\"");
        errors.ShouldContain("What was printed is no whole export; the messages are where they were.");
        errors.ShouldNotContain("Exported");
        (await NewClient(fixture.Gateway).TakeAsync(_queue, Messages)).Order().ShouldBe(texts.Order());
    }

    [Fact]
    public async Task An_output_that_takes_nothing_is_said_and_takes_nothing()
    {
        await FillAsync();
        string[] verbs =
        [
            "receive {q} --complete --count 30", "receive {q}", "status", "status --output json", "queue ls", "queue ls --output jsonl",
                "queue peek {q}",
            "queue export {q}", "message ls", "message show {q} 1 --body", "message show {q} 1", "peer ls", "deadletter ls",
                "deadletter export",
            "audit --output json", "--help", "--version", "token new --name anna --roles read", "completion bash", "demo --messages 1",
        ];

        var ended = await Task.WhenAll(verbs.Select(verb => RunAsync(verb, "> /dev/full")));

        foreach (var (verb, (exitCode, _, errors)) in verbs.Zip(ended))
        {
            errors.ShouldContain("The output could not be written", customMessage: verb);
            exitCode.ShouldBe((int)ExitCode.OutputLost, verb);
        }

        (await OperatorView.StateAsync(NewClient(fixture.Gateway), Token)).MessagesOf(_queue).ShouldBe(Messages);
    }

    [Theory]
    [InlineData("send {q}@near more", "The message was accepted, as ")]
    [InlineData("queue pause {q} --why test", "Nothing leaves")]
    [InlineData("queue purge {q} --all --yes --why test --output json", "Purged")]
    public async Task What_is_done_already_is_said_on_the_standard_error(string verb, string done)
    {
        await FillAsync();

        var (exitCode, _, errors) = await RunAsync(verb, "> /dev/full");

        errors.ShouldContain(done, Case.Insensitive);
        exitCode.ShouldBe((int)ExitCode.OutputLost);
    }

    [Fact]
    public async Task Monitoring_that_cannot_be_told_is_unknown()
    {
        var (exitCode, _, errors) = await RunAsync("check", "> /dev/full");

        exitCode.ShouldBe((int)CheckState.Unknown);
        errors.ShouldContain("The output could not be written");
    }

    [Fact]
    public async Task Somebody_who_follows_events_and_goes_is_noticed_though_nothing_happens()
    {
        var (exitCode, _, errors) = await RunAsync("events --follow", "| (exec <&-; sleep 1)");

        exitCode.ShouldBe((int)ExitCode.OutputLost);
        errors.ShouldContain("its reader has gone");
    }

    private Task FillAsync() => NewClient(fixture.Gateway).SendAllAsync($"{_queue}@near", ProcessMessages.Numbered(Messages));

    /// <param name="tail">The shell's redirection of the output. The exit code is the verb's.</param>
    private async Task<(int ExitCode, string Output, string Errors)> RunAsync(string verb, string tail)
    {
        var gateway = fixture.Gateway;
        var start = Executable.Start(verb.Replace("{q}", _queue, StringComparison.Ordinal).Split(' '));
        start = new ProcessStartInfo(
            "/bin/bash", ["-c", $"\"$0\" \"$@\" {tail}; exit ${{PIPESTATUS[0]}}", start.FileName, .. start.ArgumentList])
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
