using System.Text;
using Gateway.Logging;

namespace Gateway.Cli.Shell;

/// <summary>What a verb reads and writes: the three standard streams, or a test's.</summary>
internal sealed record Terminal
{
    private const int UsualWidth = 80;

    public required Stream Input { get; init; }

    /// <summary>Whether the input comes from a file or a pipe, rather than from somebody's keyboard.</summary>
    public required bool InputIsRedirected { get; init; }

    /// <summary>For bodies, which are bytes.</summary>
    public required Stream Output { get; init; }

    /// <summary>For sentences that say what went wrong.</summary>
    public required TextWriter Error { get; init; }

    /// <summary>Columns of the screen that shows the output; null when none does: a file or a pipe.</summary>
    public int? Width { get; init; }

    /// <summary>Rows of that screen; null when there is none, or it does not tell.</summary>
    public int? Height { get; init; }

    /// <summary>Whether the screen shows colours, and the user wants them.</summary>
    public bool HasColours { get; init; }

    /// <summary>Whether somebody sees the sentences as they come, so that one that grows old can be overwritten.</summary>
    public bool ErrorIsScreen { get; init; }

    public required TimeProvider Time { get; init; }

    /// <param name="canShowColours">The screen takes the marks of colours for what they are.</param>
    public static Terminal Standard(bool canShowColours = true) => new()
    {
        Input = Console.OpenStandardInput(),
        InputIsRedirected = Console.IsInputRedirected,
        Output = new StandardStream(Descriptor.Output),
        Error = PatientStream.OpenError(),
        Width = Console.IsOutputRedirected ? null : SizeOfScreen(() => Console.WindowWidth) ?? UsualWidth,
        Height = Console.IsOutputRedirected ? null : SizeOfScreen(() => Console.WindowHeight),
        HasColours = canShowColours && !Console.IsOutputRedirected
            && string.IsNullOrEmpty(Environment.GetEnvironmentVariable("NO_COLOR")) && Environment.GetEnvironmentVariable("TERM") != "dumb",
        ErrorIsScreen = !Console.IsErrorRedirected,
        Time = TimeProvider.System,
    };

    /// <summary>Writes text and its line's end at once: a reader at the other end of a pipe need not wait.</summary>
    /// <exception cref="OutputLostException">It could not be written.</exception>
    public async Task WriteLineAsync(string line, CancellationToken cancellationToken)
    {
        await Output.WriteAsync(Encoding.UTF8.GetBytes(line + "\n"), cancellationToken);
        await Output.FlushAsync(cancellationToken);
    }

    /// <summary>The same, of something that is done already: if the output is lost, the standard error says it instead.</summary>
    public async Task WriteDoneAsync(string line, string done, CancellationToken cancellationToken)
    {
        try
        {
            await WriteLineAsync(line, cancellationToken);
        }
        catch (OutputLostException lost)
        {
            throw new CommandLineException(ExitCode.OutputLost, $"{lost.Message} {done}");
        }
    }

    /// <summary>
    /// Done when what was written is out of this process's hands: read by whoever is at the other end of a pipe, or on the disk of a file.
    /// What a verb takes or answers for waits for this.
    /// </summary>
    /// <exception cref="OutputLostException">It is lost.</exception>
    public Task SettleAsync(CancellationToken cancellationToken) =>
        Output is StandardStream output ? output.SettleAsync(Time, cancellationToken) : Output.FlushAsync(cancellationToken);

    /// <summary>For a verb that may have nothing to write for long, and would not notice.</summary>
    /// <exception cref="OutputLostException">Nobody reads the output any more.</exception>
    public void ThrowIfReaderIsGone() => (Output as StandardStream)?.ThrowIfReaderIsGone();

    /// <summary>Some screens do not tell.</summary>
    private static int? SizeOfScreen(Func<int> tell)
    {
        try
        {
            return tell() is > 0 and var size ? size : null;
        }
        catch (IOException)
        {
            return null;
        }
    }
}
