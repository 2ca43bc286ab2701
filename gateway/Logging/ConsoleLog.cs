using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Console;
using Microsoft.Extensions.Options;

namespace Gateway.Logging;

/// <summary>
/// Logs to standard output, or from a configured level to standard error (Logging:Console), in the formats of the usual console logger.
/// That logger by default blocks everyone who logs while output is not read; this one never blocks and counts the dropped lines.
/// </summary>
[ProviderAlias("Console")]
internal sealed class ConsoleLog : ILoggerProvider, ISupportExternalScope, ILineLog
{
    private readonly LineFormat _format;
    private readonly LogLevel _errorsFrom;
    private readonly LogOutput _output;
    private readonly LogOutput? _errors;

    public ConsoleLog(IOptions<ConsoleLoggerOptions> options, IEnumerable<ConsoleFormatter> formatters)
    {
        _format = new LineFormat(LineFormat.Choose(formatters, options.Value.FormatterName), hasColours: true);
        _errorsFrom = options.Value.LogToStandardErrorThreshold;
        var linesMax = Math.Min(options.Value.MaxQueueLength, LogOutput.LinesMax);
        _output = new LogOutput(Descriptor.Output, linesMax, dropped => Notice("output", dropped));
        if (_errorsFrom < LogLevel.None) _errors = new LogOutput(Descriptor.Error, linesMax, dropped => Notice("error", dropped));
    }

    public long Dropped => _output.Dropped + (_errors?.Dropped ?? 0);

    public ILogger CreateLogger(string categoryName) => new LineLogger(this, _format, categoryName);

    public void SetScopeProvider(IExternalScopeProvider scopeProvider) => _format.Scopes = new ShownScopes(scopeProvider);

    public void Write(LogLevel level, string line) => (level >= _errorsFrom ? _errors! : _output).Write(line);

    public void Dispose()
    {
        _output.Dispose();
        _errors?.Dispose();
    }

    private string Notice(string stream, long dropped) =>
        _format.Notice(dropped, $"Nobody read the standard {stream} for a time, or it could not be written.");
}
