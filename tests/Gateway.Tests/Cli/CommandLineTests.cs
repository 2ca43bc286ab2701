using System.CommandLine;
using Gateway.Cli;
using Gateway.Cli.Check;
using Gateway.Cli.Demo.Processes;
using Gateway.Cli.Shell;
using Shouldly;
using Xunit;

namespace Gateway.Tests.Cli;

public sealed class CommandLineTests
{
    private readonly TestTerminal _terminal = new();

    [Theory]
    [InlineData("sned")]
    [InlineData("send")]
    [InlineData("send", "", "body")]
    [InlineData("send", "orders@b", "body", "extra")]
    [InlineData("send", "orders@b", "body", "--id", "no-uuid")]
    [InlineData("send", "orders@b", "body", "--header", "no-equals")]
    [InlineData("send", "orders@b", "body", "--header", "a=1", "--header", "a=2")]
    [InlineData("send", "orders@b", "body", "--expires-in", "30")]
    [InlineData("send", "orders@b", "body", "--gateway", "nowhere")]
    [InlineData("receive", "a-queue-with-a-name-of-sixty-five-characters-which-is-one-too-many")]
    [InlineData("receive", "orders", "--count", "0")]
    [InlineData("receive", "orders", "--complete", "--peek")]
    [InlineData("demo", "--messages", "0")]
    [InlineData("demo", "--size", "15")]
    [InlineData("demo", "--seconds", "5")]
    [InlineData("drill")]
    [InlineData("drill", "b", "--kind", "earthquake")]
    [InlineData("drill", "b", "--stall", "2m")]
    [InlineData("drill", "b", "--rate", "0")]
    [InlineData("drill", "b", "--rate", "some")]
    [InlineData("drill", "b", "--stall", "some")]
    [InlineData("demo", "--messages", "some")]
    [InlineData("receive", "orders", "--count", "some")]
    [InlineData("store", "ls", "--limit", "some")]
    [InlineData("store", "ls", "--after", "some")]
    [InlineData("store", "show", "orders", "some")]
    [InlineData("store", "show", "--dead-letter", "some")]
    [InlineData("cert", "new", "--name", "shop", "--folder", "certs", "--days", "some")]
    public async Task A_wrong_command_line_says_so_and_does_nothing(params string[] args)
    {
        (await _terminal.RunAsync(args)).ShouldBe(ExitCode.Usage);

        _terminal.Error.ShouldNotBeEmpty();
        _terminal.Error.ShouldNotContain("   at ");
        _terminal.Output.ShouldBeEmpty();
    }

    [Fact]
    public async Task Send_without_a_body_and_with_nothing_piped_in_asks_for_one()
    {
        (await _terminal.RunAsync("send", "orders@b")).ShouldBe(ExitCode.Usage);

        _terminal.Error.ShouldContain("There is no body");
    }

    [Theory]
    [InlineData("send", "orders@b", "body")]
    [InlineData("send", "orders@b", "@body")]
    [InlineData("send", "orders@b", "--", "--body")]
    [InlineData("send", "orders@b", "-", "--header", "a=b=c", "--header", "d=", "--expires-in", "5m",
        "--id", "0197f0c0-0000-7000-8000-000000000000")]
    [InlineData("receive", "orders")]
    [InlineData("receive", "orders", "--complete", "--count", "3", "--wait", "1s", "-v")]
    public async Task A_gateway_that_is_not_there_is_said_to_be_away(params string[] args)
    {
        var address = $"tcp://127.0.0.1:{LoopbackPort.Free(1)[0]}";
        string[] options = ["--gateway", address, "--timeout", "100ms"];
        var verb = args.TakeWhile(arg => arg != "--").ToArray();

        (await _terminal.RunAsync([.. verb, .. options, .. args[verb.Length..]])).ShouldBe(ExitCode.Unreachable);

        _terminal.Error.ShouldStartWith($"No gateway answers at {address}.");
        _terminal.Error.ShouldNotContain("   at ");
    }

    [Fact]
    public async Task A_drill_of_a_gateway_whose_API_is_not_there_is_said_to_reach_nobody()
    {
        var address = $"127.0.0.1:{LoopbackPort.Free(1)[0]}";

        var exit = await _terminal.RunAsync("drill", "b", "--kind", "reset", "kill", "--stall", "1s", "--gateway", $"http://{address}");

        exit.ShouldBe(ExitCode.Unreachable);
        _terminal.Error.ShouldContain($"No gateway answers at http://{address}");
    }

    [Fact]
    public async Task The_help_of_every_verb_has_an_example_and_the_exit_codes_of_that_verb()
    {
        foreach (var verb in Verbs(CommandLine.Create(_terminal.Terminal)))
        {
            var (terminal, path) = (new TestTerminal(), HelpWithExitCodes.PathOf(verb));
            (await terminal.RunAsync([.. path.Split(' '), "--help"])).ShouldBe(ExitCode.Ok, path);

            terminal.Help.ShouldContain($"\nExamples:\n  gateway {path}", customMessage: path);
            foreach (var word in terminal.Help.Split("[default:")[1..].Select(rest => rest.Split(']')[0]))
                word.ShouldMatch("^ [a-z0-9./-][a-zA-Z0-9./-]*$", path);
            if (verb is CheckCommand) continue;
            var codes = terminal.Help.Split("Exit codes:\n")[1].Split('\n', StringSplitOptions.RemoveEmptyEntries);
            codes.ShouldBe(ExitCodes.Of(path).Select(code => $"  {(int)code,-4} {ExitCodes.Describe(code)}"), customMessage: path);
        }
    }

    [Fact]
    public async Task A_default_is_shown_as_it_is_typed()
    {
        await _terminal.RunAsync("queue", "purge", "--help");

        _terminal.Help.ShouldContain("[default: table]");
        _terminal.Help.ShouldContain("[default: 10s]");
        _terminal.Help.ShouldNotContain("[default: ]");
    }

    [Fact]
    public async Task The_help_of_the_program_has_every_exit_code()
    {
        (await _terminal.RunAsync("--help")).ShouldBe(ExitCode.Ok);

        foreach (var code in Enum.GetValues<ExitCode>())
            _terminal.Help.ShouldContain($"  {(int)code,-4} {ExitCodes.Describe(code)}\n");
    }

    [Theory]
    [InlineData(60)]
    [InlineData(80)]
    public async Task On_a_screen_no_line_of_a_help_is_longer_than_the_screen_and_no_word_is_broken(int width)
    {
        foreach (var verb in Verbs(CommandLine.Create(_terminal.Terminal)))
        {
            string[] args = [.. HelpWithExitCodes.PathOf(verb).Split(' '), "--help"];
            var (pipe, screen) = (new TestTerminal(), TestTerminal.OfWidth(width));
            await pipe.RunAsync(args);
            await screen.RunAsync(args);

            // An example is one command line, to be copied.
            var lines = screen.Help.Split('\n').Where(line => !line.StartsWith("  gateway ", StringComparison.Ordinal));
            lines.ShouldAllBe(line => line.Length <= width, string.Join(' ', args));
            Words(screen.Help).ShouldBe(Words(pipe.Help), ignoreOrder: true, string.Join(' ', args));
        }

        static string[] Words(string help) => help.Split([' ', '\n'], StringSplitOptions.RemoveEmptyEntries);
    }

    [Fact]
    public async Task Into_a_pipe_each_paragraph_of_a_help_is_one_line()
    {
        await _terminal.RunAsync("queue", "redirect", "--help");

        _terminal.Help.Split('\n').Single(line => line.Contains("--token-file", StringComparison.Ordinal)).ShouldEndWith("or none.");
    }

    [Fact]
    public void Exit_codes_are_those_that_a_verb_can_have()
    {
        ExitCodes.Of("send").ShouldNotContain(ExitCode.Damaged);
        ExitCodes.Of("store check").ShouldBe([ExitCode.Ok, ExitCode.Failed, ExitCode.Usage, ExitCode.Damaged, ExitCode.OutputLost,
            ExitCode.Interrupted]);
        ExitCodes.Of("queue ls").ShouldNotContain(ExitCode.NotConfirmed);
        ExitCodes.Of("queue purge").ShouldContain(ExitCode.NotConfirmed);
        ExitCodes.Of("queue").ShouldContain(ExitCode.NotConfirmed);
        ExitCodes.Of("receive").ShouldContain(ExitCode.NothingReceived);
        ExitCodes.Of("run").ShouldBe([ExitCode.Ok, ExitCode.Failed, ExitCode.Usage]);
    }

    [Theory]
    [InlineData("There is no verb 'stauts'. Did you mean 'status'?", "stauts")]
    [InlineData("There is no verb 'queue peak'. Did you mean 'peek'?", "queue", "peak", "orders")]
    [InlineData("There is no verb 'deadletter frobnicate'.", "deadletter", "frobnicate")]
    [InlineData("There is no option '--cuont'. Did you mean '--count'?", "receive", "orders", "--cuont", "3")]
    [InlineData("There is no option '--older'. Did you mean '--older-than'?", "queue", "peek", "orders", "--older-thn", "1h")]
    [InlineData("There is no output 'yaml'; known are table, json, jsonl.", "status", "--output", "yaml")]
    [InlineData("There is no output 'jsnl'; known are table, json, jsonl. Did you mean 'jsonl'?", "status", "--output", "jsnl")]
    [InlineData("There is no reason 'expird'; known are", "deadletter", "ls", "--reason", "expird")]
    public async Task A_word_that_is_not_known_gets_the_nearest_one(string sentence, params string[] args)
    {
        (await _terminal.RunAsync(args)).ShouldBe(ExitCode.Usage);

        _terminal.Error.ShouldStartWith(sentence.Replace("--older'", "--older-thn'", StringComparison.Ordinal));
        _terminal.Error.ShouldNotContain("OutputFormat");
        _terminal.Error.Trim().Split('\n').Length.ShouldBe(2);
    }

    [Fact]
    public async Task The_help_shows_the_verbs_of_a_user_and_not_those_of_the_demo()
    {
        await _terminal.RunAsync("--help");

        foreach (var verb in (string[])["run", "send", "receive", "demo"])
            _terminal.Help.ShouldContain($"\n  {verb} ");
        _terminal.Help.ShouldNotContain(DemoConsumerVerb.Name);
        _terminal.Help.ShouldNotContain(InputEnd.WhileInputOpen);
    }

    private static IEnumerable<Command> Verbs(Command command) => command.Subcommands.Where(verb => !verb.Hidden)
        .SelectMany(verb => verb.Subcommands.Count == 0 ? [verb] : Verbs(verb));
}
