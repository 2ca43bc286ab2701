using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace Gateway.Logging;

/// <summary>
/// Creates loggers for the parts that deal with strangers: all loggers of one category share its <see cref="LimitedLogger"/>. Thread-safe.
/// </summary>
/// <param name="unlimited">The category whose lines no stranger can cause; null if there is none.</param>
internal sealed class LimitedLoggers(ILoggerFactory inner, TimeProvider time, string? unlimited = null) : ILoggerFactory
{
    private readonly ConcurrentDictionary<string, ILogger> _loggers = [];

    public ILogger CreateLogger(string categoryName) => _loggers.GetOrAdd(
        categoryName, (name, made) => name == made.Unlimited ? made.Inner.CreateLogger(
            name) : new LimitedLogger(made.Inner.CreateLogger(name), made.Time), (Inner: inner, Time: time, Unlimited: unlimited));

    public void AddProvider(ILoggerProvider provider) => inner.AddProvider(provider);

    /// <summary>The inner loggers belong to their owner.</summary>
    public void Dispose()
    {
    }
}
