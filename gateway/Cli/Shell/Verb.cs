using Gateway.Logging;

namespace Gateway.Cli.Shell;

/// <summary>Shared by all verbs: turns an expected failure into a sentence and an exit code.</summary>
internal static class Verb
{
    public static async Task<int> RunAsync(Terminal terminal, Func<Task<ExitCode>> body)
    {
        try
        {
            return (int)await body();
        }
        catch (CommandLineException failure)
        {
            return await FailAsync(terminal, failure.ExitCode, failure.Message);
        }
        catch (OperationCanceledException)
        {
            return (int)ExitCode.Interrupted;
        }
        catch (OutputLostException lost)
        {
            return await FailAsync(terminal, ExitCode.OutputLost, $"{lost.Message} What was printed is not complete.");
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            // For a full disk or an unreadable file the system's own message is the best there is.
            return await FailAsync(terminal, ExitCode.Failed, failure.Message);
        }
    }

    private static async Task<int> FailAsync(Terminal terminal, ExitCode exitCode, string message)
    {
        await terminal.Error.WriteLineAsync(message);
        return (int)exitCode;
    }
}
