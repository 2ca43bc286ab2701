namespace Gateway.Logging;

/// <summary>The file for the log cannot be opened when the gateway starts.</summary>
internal sealed class LogFileException(string message) : Exception(message);
