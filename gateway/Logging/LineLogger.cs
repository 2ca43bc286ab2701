using Microsoft.Extensions.Logging;

namespace Gateway.Logging;

/// <summary>The logger of one category of a log of lines.</summary>
internal sealed class LineLogger(ILineLog log, LineFormat format, string category) : ILogger
{
    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => format.Scopes?.Push(state);

    public bool IsEnabled(LogLevel logLevel) => logLevel != LogLevel.None;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception,
        Func<TState, Exception?, string> formatter)
    {
        var line = format.Format(logLevel, category, eventId, state, exception, formatter);
        if (line.Length > 0) log.Write(logLevel, line);
    }
}
