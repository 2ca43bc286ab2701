using Microsoft.Extensions.Logging;

namespace Gateway.Logging;

/// <summary>
/// A log of others, such as the Windows event log, which gets the text that others wrote as harmless as the console does:
/// <see cref="ForeignText"/> is applied to every part of a line.
/// </summary>
internal class ShownLoggers(ILoggerProvider inner) : ILoggerProvider, ISupportExternalScope
{
    public ILogger CreateLogger(string categoryName) => new Logger(inner.CreateLogger(categoryName));

    public void SetScopeProvider(IExternalScopeProvider scopeProvider) =>
        (inner as ISupportExternalScope)?.SetScopeProvider(new ShownScopes(scopeProvider));

    public void Dispose()
    {
        inner.Dispose();
        GC.SuppressFinalize(this);
    }

    private sealed class Logger(ILogger inner) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => inner.BeginScope(state);

        public bool IsEnabled(LogLevel logLevel) => inner.IsEnabled(logLevel);

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception,
            Func<TState, Exception?, string> formatter)
        {
            var line = ForeignText.Plain(formatter(state, exception));
            inner.Log(logLevel, eventId, line, ShownException.Of(exception), (text, _) => text);
        }
    }
}
