using Gateway.Cli.Shell;
using Spectre.Console;

namespace Gateway.Cli.Setup;

/// <summary>Asks a person at a terminal for what the command line leaves open.</summary>
internal sealed class FirstQuestions(Terminal terminal)
{
    private readonly IAnsiConsole _console = AnsiConsole.Create(new AnsiConsoleSettings
    {
        Ansi = terminal.HasColours ? AnsiSupport.Yes : AnsiSupport.No,
        ColorSystem = terminal.HasColours ? ColorSystemSupport.Standard : ColorSystemSupport.NoColors,
        Interactive = InteractionSupport.Yes,
        Out = new AnsiConsoleOutput(Console.Out),
    });

    /// <param name="fault">The sentence on a wrong answer; null for a right one.</param>
    public Task<string> TextAsync(string question, string standard, Func<string, string?> fault, CancellationToken cancellationToken) =>
        new TextPrompt<string>(question).DefaultValue(standard).ShowDefaultValue(standard.Length > 0).AllowEmpty()
            .Validate(answer =>
                fault(answer) is { } sentence ? ValidationResult.Error(Markup.Escape(sentence)) : ValidationResult.Success())
            .ShowAsync(_console, cancellationToken);

    public Task<bool> YesNoAsync(string question, bool standard, CancellationToken cancellationToken) =>
        new ConfirmationPrompt(question) { DefaultValue = standard }.ShowAsync(_console, cancellationToken);
}
