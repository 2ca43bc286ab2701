using System.Globalization;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Logging.Console;
using Microsoft.Extensions.Options;

namespace Gateway.Logging;

/// <summary>
/// Logs to standard output, or from a configured level to standard error (Logging:Console), in the formats of the usual console logger.
/// That logger by default blocks everyone who logs while output is not read; this one never blocks and counts the dropped lines. Text that
/// others wrote cannot forge a line, nor command the terminal: <see cref="ForeignText"/> is applied to every part of a line.
/// </summary>
[ProviderAlias("Console")]
internal sealed class ConsoleLog : ILoggerProvider, ISupportExternalScope
{
    private readonly ConsoleFormatter _formatter;
    private readonly LogLevel _errorsFrom;
    private readonly LogOutput _output;
    private readonly LogOutput? _errors;
    private IExternalScopeProvider? _scopes;

    public ConsoleLog(IOptions<ConsoleLoggerOptions> options, IEnumerable<ConsoleFormatter> formatters)
    {
        var name = options.Value.FormatterName ?? ConsoleFormatterNames.Simple;
        _formatter = formatters.Single(formatter => string.Equals(formatter.Name, name, StringComparison.OrdinalIgnoreCase));
        _errorsFrom = options.Value.LogToStandardErrorThreshold;
        var linesMax = Math.Min(options.Value.MaxQueueLength, LogOutput.LinesMax);
        _output = new LogOutput(Descriptor.Output, linesMax, dropped => Notice("output", dropped));
        if (_errorsFrom < LogLevel.None) _errors = new LogOutput(Descriptor.Error, linesMax, dropped => Notice("error", dropped));
    }

    /// <summary>The number of lines dropped because nobody read them. Thread-safe.</summary>
    public long Dropped => _output.Dropped + (_errors?.Dropped ?? 0);

    public ILogger CreateLogger(string categoryName) => new Logger(this, categoryName);

    public void SetScopeProvider(IExternalScopeProvider scopeProvider) => _scopes = new ShownScopes(scopeProvider);

    public void Dispose()
    {
        _output.Dispose();
        _errors?.Dispose();
    }

    private string Notice(string stream, long dropped) => Format(new LogEntry<string>(
        LogLevel.Warning,
        typeof(ConsoleLog).FullName!,
        new EventId(8001, "LinesDropped"),
        $"Dropped from this log: {Figures.Counted(dropped, "line")}. Nobody read the standard {stream} "
            + $"for a time, or it could not be written. No message waited for it.",
        exception: null,
        (text, _) => text));

    private string Format<T>(in LogEntry<T> entry)
    {
        using var text = new StringWriter(CultureInfo.InvariantCulture);
        _formatter.Write(entry, _scopes, text);
        return text.ToString();
    }

    private sealed class Logger(ConsoleLog log, string category) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => log._scopes?.Push(state);

        public bool IsEnabled(LogLevel logLevel) => logLevel != LogLevel.None;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception,
            Func<TState, Exception?, string> formatter)
        {
            var line = log.Format(new LogEntry<TState>(logLevel, category, eventId, state, ShownException.Of(exception),
                (text, _) => ForeignText.Plain(formatter(text, exception))));
            if (line.Length == 0) return;
            (logLevel >= log._errorsFrom ? log._errors! : log._output).Write(line);
        }
    }
}
