namespace Gateway.Cli.Shell;

/// <summary>
/// An expected failure of a verb: its message is one sentence or two for the user, that say what is wrong and what to do.
/// </summary>
internal sealed class CommandLineException(ExitCode exitCode, string message) : Exception(message)
{
    public ExitCode ExitCode { get; } = exitCode;
}
