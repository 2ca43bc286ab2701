using Microsoft.Extensions.Logging;

namespace Gateway.Logging;

/// <summary>A log of lines, written on a thread of its own. Thread-safe.</summary>
internal interface ILineLog
{
    /// <summary>The number of lines dropped because they could not be written.</summary>
    long Dropped { get; }

    /// <summary>Never blocks.</summary>
    /// <param name="line">The line with its line end.</param>
    void Write(LogLevel level, string line);
}
