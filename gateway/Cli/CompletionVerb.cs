using System.CommandLine;
using Gateway.Cli.Shell;

namespace Gateway.Cli;

/// <summary>Prints a shell script that asks this executable for completions.</summary>
internal static class CompletionVerb
{
    // Each script passes the line up to the cursor, without its first word; --option=value is passed as two words, the form whose value is
    // completed.
    private const string Bash = """
        _gateway_complete() {
            local line="${COMP_LINE:0:COMP_POINT}"
            line="${line#* }"
            local word="${line##* }"
            [[ $word == --*=* ]] && line="${line%"$word"}${word/=/ }"
            local IFS=$'\n'
            COMPREPLY=($(compgen -W "$(gateway "[suggest:${#line}]" "$line" 2>/dev/null)" -- "${line##* }"))
        }
        complete -o default -F _gateway_complete gateway
        """;

    private const string Zsh = """
        #compdef gateway
        _gateway_complete() {
            local word="$PREFIX"
            [[ $word == --*=* ]] && word="${word/=/ }" && compset -P 1 '*='
            local -a before=("${(@)words[2,CURRENT-1]}" "$word")
            local line="${(j: :)before}"
            local -a found=("${(@f)$(gateway "[suggest:${#line}]" "$line" 2>/dev/null)}")
            compadd -- ${found}
        }
        compdef _gateway_complete gateway
        """;

    private const string PowerShell = """
        Register-ArgumentCompleter -Native -CommandName gateway -ScriptBlock {
            param($word, $ast, $cursor)
            $full = $ast.Extent.Text.PadRight($cursor)
            $line = $full -replace '^\S+\s', ''
            $position = $cursor - $full.Length + $line.Length
            gateway "[suggest:$position]" "$line" | Where-Object { $_ -like "$word*" } |
                ForEach-Object { [System.Management.Automation.CompletionResult]::new($_) }
        }
        """;

    public static Command Create(Terminal terminal) =>
        new("completion", "Print a script that lets a shell complete this command line; gateway/docs/operations.md says where it goes.")
    {
        Shell(terminal, "bash", Bash), Shell(terminal, "zsh", Zsh), Shell(terminal, "pwsh", PowerShell),
    };

    private static Command Shell(Terminal terminal, string name, string script)
    {
        var command = new Command(name, $"For {name}.");
        command.SetAction((_, cancellationToken) => Verb.RunAsync(terminal, async () =>
        {
            await terminal.WriteLineAsync(script.ReplaceLineEndings("\n"), cancellationToken);
            return ExitCode.Ok;
        }));
        return command;
    }
}
