using System.Globalization;
using System.Text.RegularExpressions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Logging.Console;

namespace Gateway.Logging;

/// <summary>
/// Formats log entries as lines, in the formats of the usual console logger. Text that others wrote cannot forge a line, nor command a
/// terminal: <see cref="ForeignText"/> is applied to every part of a line.
/// </summary>
/// <param name="formatter">The format.</param>
/// <param name="hasColours">False to leave out the colours that the formatter may choose for a terminal.</param>
internal sealed partial class LineFormat(ConsoleFormatter formatter, bool hasColours)
{
    public IExternalScopeProvider? Scopes { get; set; }

    /// <summary>The formatter of a name; null for that of lines for people.</summary>
    public static ConsoleFormatter Choose(IEnumerable<ConsoleFormatter> formatters, string? name) => formatters.Single(
        formatter => formatter.Name.Equals(name ?? ConsoleFormatterNames.Simple, StringComparison.OrdinalIgnoreCase));

    public string Format<TState>(
        LogLevel level, string category, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> text) =>
        Format(new LogEntry<TState>(level, category, eventId, state, ShownException.Of(exception),
            (known, _) => ForeignText.Plain(text(known, exception))));

    /// <summary>The line that reports dropped lines.</summary>
    /// <param name="why">A sentence.</param>
    public string Notice(long dropped, string why) => Format(new LogEntry<string>(
        LogLevel.Warning,
        typeof(LineFormat).FullName!,
        new EventId(8001, "LinesDropped"),
        $"Dropped from this log: {Figures.Counted(dropped, "line")}. {why} No message waited for it.",
        exception: null,
        (text, _) => text));

    private string Format<TState>(in LogEntry<TState> entry)
    {
        using var text = new StringWriter(CultureInfo.InvariantCulture);
        formatter.Write(entry, Scopes, text);
        return hasColours ? text.ToString() : Colour().Replace(text.ToString(), "");
    }

    [GeneratedRegex("\u001b\\[[0-9;]*m")]
    private static partial Regex Colour();
}
