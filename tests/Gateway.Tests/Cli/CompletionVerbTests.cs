using Gateway.Cli.Shell;
using Shouldly;
using Xunit;

namespace Gateway.Tests.Cli;

public sealed class CompletionVerbTests
{
    private readonly TestTerminal _terminal = new();

    [Theory]
    [InlineData("bash", "complete -o default -F _gateway_complete gateway")]
    [InlineData("zsh", "compdef _gateway_complete gateway")]
    [InlineData("pwsh", "Register-ArgumentCompleter")]
    public async Task Each_shell_has_its_script(string shell, string line)
    {
        (await _terminal.RunAsync("completion", shell)).ShouldBe(ExitCode.Ok);

        _terminal.Output.ShouldContain(line);
        _terminal.Output.ShouldContain("[suggest:");
    }

    [Theory]
    [InlineData("que", "queue")]
    [InlineData("queue pu", "purge")]
    [InlineData("queue ls --out", "--output")]
    [InlineData("queue ls --output ", "jsonl")]
    [InlineData("queue ls --kind ", "outgoing")]
    public async Task What_the_scripts_ask_is_answered(string line, string completion)
    {
        await _terminal.RunAsync($"[suggest:{line.Length}]", line);

        _terminal.Help.Split(Environment.NewLine).ShouldContain(completion);
    }
}
