using System.Text;
using Gateway.Logging;

namespace Gateway.Cli.Shell;

/// <summary>The input and output of a verb: the three standard streams, or those of a test.</summary>
internal sealed record Terminal
{
    private const int UsualWidth = 80;

    public required Stream Input { get; init; }

    /// <summary>True if the input is a file or pipe, not a keyboard.</summary>
    public required bool InputIsRedirected { get; init; }

    /// <summary>The output as bytes, for bodies.</summary>
    public required Stream Output { get; init; }

    /// <summary>
    /// The output for what others wrote: a pipe or a file gets the bytes as they are, a screen gets text that it does not obey.
    /// </summary>
    public Stream ForeignOutput => Width is null ? Output : new ShownStream(Output);

    /// <summary>The stream for error messages.</summary>
    public required TextWriter Error { get; init; }

    /// <summary>The columns of the output's screen; null for a file or pipe.</summary>
    public int? Width { get; init; }

    /// <summary>The rows of the screen; null if there is none, or they are unknown.</summary>
    public int? Height { get; init; }

    /// <summary>True if the screen shows colours and the user wants them.</summary>
    public bool HasColours { get; init; }

    /// <summary>True if standard error is a screen, so that an outdated line can be overwritten.</summary>
    public bool ErrorIsScreen { get; init; }

    public required TimeProvider Time { get; init; }

    /// <param name="canShowColours">True if the screen interprets colour sequences.</param>
    public static Terminal Standard(bool canShowColours = true) => new()
    {
        Input = Console.OpenStandardInput(),
        InputIsRedirected = Console.IsInputRedirected,
        Output = new StandardStream(Descriptor.Output),
        Error = new ShownWriter(PatientStream.OpenError(), WidthOfScreen(Console.IsErrorRedirected)),
        Width = WidthOfScreen(Console.IsOutputRedirected),
        Height = Console.IsOutputRedirected ? null : SizeOfScreen(() => Console.WindowHeight),
        HasColours = canShowColours && !Console.IsOutputRedirected
            && string.IsNullOrEmpty(Environment.GetEnvironmentVariable("NO_COLOR")) && Environment.GetEnvironmentVariable("TERM") != "dumb",
        ErrorIsScreen = !Console.IsErrorRedirected,
        Time = TimeProvider.System,
    };

    /// <summary>
    /// Writes lines and flushes them, so that the reader of a pipe need not wait. Text that others wrote may be in them: it is made
    /// harmless.
    /// </summary>
    /// <exception cref="OutputLostException">The lines could not be written.</exception>
    public Task WriteLineAsync(string line, CancellationToken cancellationToken) =>
        WriteRenderedAsync(ForeignText.Lines(line), cancellationToken);

    /// <summary>The same for a sentence, which a screen shows broken between words.</summary>
    /// <exception cref="OutputLostException">The lines could not be written.</exception>
    public Task WriteSentenceAsync(string sentence, CancellationToken cancellationToken) =>
        WriteLineAsync(string.Join('\n', FoldedText.Lines(sentence, Width)), cancellationToken);

    /// <summary>The same for a line with the sequences of colours, in which no text of others is left as it was.</summary>
    /// <exception cref="OutputLostException">The line could not be written.</exception>
    public async Task WriteRenderedAsync(string line, CancellationToken cancellationToken)
    {
        await Output.WriteAsync(Encoding.UTF8.GetBytes(line + "\n"), cancellationToken);
        await Output.FlushAsync(cancellationToken);
    }

    /// <summary>Reports a finished action likewise: if the output is lost, the report goes to standard error.</summary>
    public async Task WriteDoneAsync(string line, string done, CancellationToken cancellationToken)
    {
        try
        {
            await WriteSentenceAsync(line, cancellationToken);
        }
        catch (OutputLostException lost)
        {
            throw new CommandLineException(ExitCode.OutputLost, $"{lost.Message} {done}");
        }
    }

    /// <summary>
    /// Completes when the output has left this process: read from the pipe, or on disk in a file. A verb that takes messages or vouches for
    /// them waits for this.
    /// </summary>
    /// <exception cref="OutputLostException">The output is lost.</exception>
    public Task SettleAsync(CancellationToken cancellationToken) =>
        Output is StandardStream output ? output.SettleAsync(Time, cancellationToken) : Output.FlushAsync(cancellationToken);

    /// <summary>Detects a lost reader, for a verb that may have nothing to write for long.</summary>
    /// <exception cref="OutputLostException">Nobody reads the output any more.</exception>
    public void ThrowIfReaderIsGone() => (Output as StandardStream)?.ThrowIfReaderIsGone();

    private static int? WidthOfScreen(bool isRedirected) =>
        isRedirected ? null : SizeOfScreen(() => Console.WindowWidth) ?? UsualWidth;

    /// <summary>Some screens do not report their size.</summary>
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
