using System.Text;

namespace Gateway.Cli.Shell;

/// <summary>
/// Standard error for sentences, which may quote what others wrote. A line of progress begins with a carriage return of our own, which is
/// kept. As thread-safe as the inner writer.
/// </summary>
/// <param name="width">The columns of the screen, so that sentences are broken between words; null for a file or pipe.</param>
internal sealed class ShownWriter(TextWriter inner, int? width = null) : TextWriter
{
    private const char Overwrite = '\r';

    public override Encoding Encoding => inner.Encoding;

    public override void Write(char value) => inner.Write(value is Overwrite ? "\r" : ForeignText.Lines(value.ToString()));

    public override void Write(string? value) => inner.Write(Shown(value));

    public override void WriteLine(string? value) => inner.WriteLine(Folded(value));

    public override Task WriteLineAsync(string? value) => inner.WriteLineAsync(Folded(value));

    public override Task WriteAsync(string? value) => inner.WriteAsync(Shown(value));

    public override void Flush() => inner.Flush();

    public override Task FlushAsync() => inner.FlushAsync();

    private string Folded(string? value) => value is [Overwrite, ..] ? Shown(value)
        : string.Join('\n', FoldedText.Lines(ForeignText.Lines(value), width));

    private static string Shown(string? value) => value is [Overwrite, .. var rest]
        ? Overwrite + (rest is [.. var text, Overwrite] ? ForeignText.Lines(text) + Overwrite : ForeignText.Lines(rest))
        : ForeignText.Lines(value);
}
