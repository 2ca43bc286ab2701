using System.Text.Json;
using Gateway.Http.Answers;
using Gateway.Logging;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace Gateway.Cli.Shell;

/// <summary>Writes the result of a verb in the user's format.</summary>
internal sealed class Output(Terminal terminal, OutputFormat format)
{
    /// <summary>
    /// The width for a file or pipe: whatever a row holds is on its one line, so that other programs can cut it. The size of a screen
    /// says nothing about who reads a pipe.
    /// </summary>
    private const int EndlessColumns = 10_000_000;

    private static readonly JsonSerializerOptions _indented = new(HttpJson.Options) { WriteIndented = true };

    public bool IsForPeople => format == OutputFormat.Table;

    public Task WriteAsync<T>(T item, Func<T, IEnumerable<IRenderable>> report, CancellationToken cancellationToken) => format switch
    {
        OutputFormat.Json => terminal.WriteLineAsync(ForeignText.Json(JsonSerializer.Serialize(item, _indented)), cancellationToken),
        OutputFormat.Jsonl => WriteObjectAsync(item, cancellationToken),
        _ => WriteAsync(report(item), cancellationToken),
    };

    /// <summary>Reports a finished action: if the output is lost, the report goes to standard error.</summary>
    public async Task WriteDoneAsync<T>(T item, Func<T, string> sentence)
    {
        try
        {
            await WriteAsync(item, done => [new Text(sentence(done))], CancellationToken.None);
        }
        catch (OutputLostException lost)
        {
            throw new CommandLineException(ExitCode.OutputLost, $"{lost.Message} {sentence(item)}");
        }
    }

    /// <param name="whenNone">A sentence for people, in place of a table without rows.</param>
    public async Task WriteListAsync<T>(
        IReadOnlyList<T> items, Func<IReadOnlyList<T>, IRenderable> report, string whenNone, CancellationToken cancellationToken)
    {
        if (format == OutputFormat.Jsonl)
        {
            foreach (var item in items) await WriteObjectAsync(item, cancellationToken);
            return;
        }

        await WriteAsync(items, all => [all.Count > 0 ? report(all) : new Text(whenNone)], cancellationToken);
    }

    /// <summary>Writes one object of a sequence that arrives one by one.</summary>
    public Task WriteObjectAsync<T>(T item, CancellationToken cancellationToken) =>
        terminal.WriteLineAsync(ForeignText.Json(JsonSerializer.Serialize(item, HttpJson.Options)), cancellationToken);

    /// <summary>Writes text for people, regardless of the format.</summary>
    public async Task WriteAsync(IEnumerable<IRenderable> parts, CancellationToken cancellationToken)
    {
        foreach (var line in Render(terminal, parts)) await terminal.WriteRenderedAsync(line, cancellationToken);
    }

    /// <summary>Renders text for people, with the width and colours of the screen.</summary>
    public static IEnumerable<string> Render(Terminal terminal, IEnumerable<IRenderable> parts)
    {
        using var text = new StringWriter { NewLine = "\n" };
        var console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Ansi = terminal.HasColours ? AnsiSupport.Yes : AnsiSupport.No,
            ColorSystem = terminal.HasColours ? ColorSystemSupport.Standard : ColorSystemSupport.NoColors,
            Interactive = InteractionSupport.No,
            Out = new AnsiConsoleOutput(text),
        });
        console.Profile.Width = terminal.Width ?? EndlessColumns;
        console.Pipeline.Attach(new ShownSegments());
        foreach (var part in parts)
        {
            console.Write(part);
            // A table or listing ends with a line end, a text does not.
            if (part is not (Table or Listing or FactList)) console.WriteLine();
        }

        return text.ToString().TrimEnd().Split('\n').Select(line => line.TrimEnd());
    }
}
