namespace Gateway.Cli.Shell;

/// <summary>An expected failure of a verb. The message tells the user in one or two sentences what is wrong and what to do.</summary>
internal sealed class CommandLineException(ExitCode exitCode, string message) : Exception(message)
{
    public ExitCode ExitCode { get; } = exitCode;
}
