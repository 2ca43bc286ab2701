using System.Diagnostics;
using Gateway.Cli.Demo.Processes;
using Shouldly;
using Xunit;

namespace Gateway.Tests.Cli;

/// <summary>Real shells, each in a terminal of its own, in which somebody types and presses Tab.</summary>
[Needs("zsh")]
[Kind(Kind.Process)]
public sealed class ShellCompletionTests : IDisposable
{
    /// <summary>
    /// Types into a shell, has it show its line by a key of its own, and prints that. Patterns are put together in the shell, so that the
    /// echo of a command is none.
    /// </summary>
    private const string Typist = """
        zmodload zsh/zpty
        zpty shell $1
        zpty -w shell "source $2; echo re''ady"
        zpty -r shell out '*ready*'
        zpty -w -n shell "$3"$'\x18'
        zpty -r shell out '*:the-end*'
        print -r -- ${${out##*the-line:}%%:the-end*}
        zpty -d shell
        """;

    private readonly string _folder = Directory.CreateTempSubdirectory("completion-").FullName;

    public ShellCompletionTests() => File.WriteAllText(Path.Combine(_folder, "typist.zsh"), Typist);

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData("gateway que\t", "gateway queue")]
    [InlineData("gateway queue pu\t", "gateway queue purge")]
    [InlineData("gateway queue ls --kind out\t--wat\t", "gateway queue ls --kind outgoing --watch")]
    [InlineData("gateway message ls --state=in\t", "gateway message ls --state=in-doubt")]
    [InlineData("echo hi; gateway que\t", "echo hi; gateway queue")]
    [InlineData("gateway nothing-like-it\t", "gateway nothing-like-it")]
    public async Task A_tab_completes_what_was_typed(string typed, string expected)
    {
        (await TypeAsync(
            "bash --norc -i", """source <(gateway completion bash); bind -x '"\C-x": echo "the""-line:$READLINE_LINE:the""-end"'""",
            typed)).ShouldBe(expected);
        (await TypeAsync(
            "zsh -f -i",
            """autoload -U compinit && compinit -D -u; eval "$(gateway completion zsh)"; """
                + """show() { print -r -- "the""-line:${BUFFER}:the""-end" }; zle -N show; bindkey '^X' show""",
            typed)).ShouldBe(expected);
    }

    private async Task<string> TypeAsync(string shell, string setup, string typed)
    {
        var program = Executable.Start();
        var gateway = $"gateway() {{ {string.Join(' ', program.ArgumentList.Prepend(program.FileName).Select(word => $"'{word}'"))} "
            + $"\"$@\"; }}";
        var settings = Path.Combine(_folder, "settings");
        await File.WriteAllTextAsync(settings, $"{gateway}\n{setup}\n", TestContext.Current.CancellationToken);
        var start = new ProcessStartInfo(Tool.Zsh, ["-f", Path.Combine(_folder, "typist.zsh"), shell, settings, typed])
        { RedirectStandardOutput = true };
        start.Environment["HOME"] = _folder;
        start.Environment["TERM"] = "dumb";
        using var process = Process.Start(start).ShouldNotBeNull();
        using var late = new CancellationTokenSource(TimeSpan.FromSeconds(30), TimeProvider.System);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(late.Token, TestContext.Current.CancellationToken);
        try
        {
            return (await process.StandardOutput.ReadToEndAsync(either.Token)).Trim();
        }
        finally
        {
            if (!process.HasExited) process.Kill(entireProcessTree: true);
        }
    }
}
