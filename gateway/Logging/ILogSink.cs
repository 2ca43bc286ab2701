namespace Gateway.Logging;

/// <summary>Takes the bytes of log lines. Used by the one thread of a <see cref="LogOutput"/>.</summary>
internal interface ILogSink
{
    /// <summary>Waits until the sink accepts bytes or fails at once.</summary>
    /// <param name="limit">The longest time to wait.</param>
    bool WaitToWrite(TimeSpan limit);

    /// <summary>Writes some of the bytes; call after <see cref="WaitToWrite"/> has returned true.</summary>
    /// <returns>The number of bytes written.</returns>
    /// <exception cref="OutputLostException">The bytes cannot be written.</exception>
    int Write(ReadOnlySpan<byte> bytes);
}
