using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Console;

namespace Gateway.Logging;

/// <summary>
/// Logs to files of bounded size and number (Logging:File), in the formats of the console. Lines that the disk does not take, or not in
/// time, are dropped and counted; nobody waits for them.
/// </summary>
[ProviderAlias("File")]
internal sealed class FileLog : ILoggerProvider, ISupportExternalScope, ILineLog
{
    private readonly LineFormat _format;
    private readonly RollingFile _file;
    private readonly LogOutput _output;

    /// <exception cref="LogFileException">The file cannot be opened.</exception>
    public FileLog(FileLogOptions options, IEnumerable<ConsoleFormatter> formatters)
    {
        _format = new LineFormat(LineFormat.Choose(formatters, options.FormatterName), hasColours: false);
        _file = new RollingFile(options.Path, options.SizeBytesMax, options.FilesMax);
        try
        {
            _file.Open();
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            throw new LogFileException($"{FileLogOptions.Section}:{nameof(options.Path)} is '{options.Path}', which cannot be written: "
                + refused.Message);
        }

        _output = new LogOutput(_file, LogOutput.LinesMax,
            dropped => _format.Notice(dropped, "The file could not be written for a time, or not fast enough."));
    }

    public long Dropped => _output.Dropped;

    public ILogger CreateLogger(string categoryName) => new LineLogger(this, _format, categoryName);

    public void SetScopeProvider(IExternalScopeProvider scopeProvider) => _format.Scopes = new ShownScopes(scopeProvider);

    public void Write(LogLevel level, string line) => _output.Write(line);

    public void Dispose()
    {
        _output.Dispose();
        _file.Dispose();
    }
}
