using Microsoft.Extensions.Logging;

namespace Gateway.Tests.Logging;

/// <summary>A logger that adds the text of each line to a list.</summary>
internal sealed class Lines(List<string> lines) : ILogger
{
    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception,
        Func<TState, Exception?, string> formatter) => lines.Add(formatter(state, exception));
}
