using System.CommandLine;

namespace Gateway.Cli;

/// <summary>Prints a script for a shell, which then asks this executable what can come next.</summary>
internal static class CompletionVerb
{
    // Each script hands over the line without the first word, and the cursor's place in it.
    private const string Bash = """
        _gateway_complete() {
            local line="${COMP_LINE#* }"
            local position=$((COMP_POINT - ${#COMP_LINE} + ${#line}))
            local IFS=$'\n'
            COMPREPLY=($(compgen -W "$(gateway "[suggest:$position]" "$line" 2>/dev/null)" -- "${COMP_WORDS[COMP_CWORD]}"))
        }
        complete -o default -F _gateway_complete gateway
        """;

    private const string Zsh = """
        #compdef gateway
        _gateway_complete() {
            local line="${BUFFER#* }"
            local position=$((CURSOR - ${#BUFFER} + ${#line}))
            compadd -- "${(@f)$(gateway "[suggest:$position]" "$line" 2>/dev/null)}"
        }
        compdef _gateway_complete gateway
        """;

    private const string PowerShell = """
        Register-ArgumentCompleter -Native -CommandName gateway -ScriptBlock {
            param($word, $ast, $cursor)
            $full = $ast.Extent.Text.PadRight($cursor)
            $line = $full -replace '^\S+\s', ''
            $position = $cursor - $full.Length + $line.Length
            gateway "[suggest:$position]" "$line" | Where-Object { $_ -like "$word*" } | ForEach-Object { [System.Management.Automation.CompletionResult]::new($_) }
        }
        """;

    public static Command Create(Terminal terminal) => new("completion", "Print a script that lets a shell complete this command line; the README says where it goes.")
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
