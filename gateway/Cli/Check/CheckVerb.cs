using System.CommandLine;
using Gateway.Cli.Api;
using Gateway.Cli.Shell;
using Gateway.Http.Views;
using Gateway.Logging;
using Gateway.Management;

namespace Gateway.Cli.Check;

/// <summary>Checks the health of the running gateway, for monitoring.</summary>
internal static class CheckVerb
{
    public static Command Create(Terminal terminal)
    {
        var connection = new ApiConnection(new ConfigOption());
        var (messagesWarning, messagesCritical) =
            (Count("--messages-warning", "messages that wait for peers"), Count("--messages-critical", "messages that wait for peers"));
        var (ageWarning, ageCritical) = (Age("--age-warning"), Age("--age-critical"));
        var (lettersWarning, lettersCritical) =
            (Count("--dead-letters-warning", "dead letters"), Count("--dead-letters-critical", "dead letters"));
        var command = new CheckCommand { messagesWarning, messagesCritical, ageWarning, ageCritical, lettersWarning, lettersCritical };
        connection.AddTo(command);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var limits = new CheckLimits
            {
                Messages = (parsed.GetValue(messagesWarning), parsed.GetValue(messagesCritical)),
                Age = (parsed.GetValue(ageWarning), parsed.GetValue(ageCritical)),
                DeadLetters = (parsed.GetValue(lettersWarning), parsed.GetValue(lettersCritical)),
            };
            var verdict = await JudgeAsync(connection, parsed, limits, terminal.Time, cancellationToken);
            try
            {
                await terminal.WriteLineAsync(verdict.Line, CancellationToken.None);
                return (int)verdict.State;
            }
            catch (OutputLostException lost)
            {
                await terminal.Error.WriteLineAsync(lost.Message);
                return (int)CheckState.Unknown;
            }
        });
        return command;
    }

    private static async Task<CheckVerdict> JudgeAsync(
        ApiConnection connection, ParseResult parsed, CheckLimits limits, TimeProvider time, CancellationToken cancellationToken)
    {
        try
        {
            var verdict = CheckVerdict.Unknown("nothing was asked");
            await connection.UseAsync(parsed, time, async client =>
            {
                var health = await client.ReadHealthAsync(cancellationToken);
                verdict = CheckVerdict.Of(health, await FiguresAsync(client, health, limits, cancellationToken), limits);
                return ExitCode.Ok;
            });
            return verdict;
        }
        catch (CommandLineException failure)
        {
            return failure.ExitCode == ExitCode.Unreachable ? CheckVerdict.Unreachable(
                failure.Message) : CheckVerdict.Unknown(failure.Message);
        }
        catch (IOException failure)
        {
            return CheckVerdict.Unknown(failure.Message);
        }
        catch (OperationCanceledException)
        {
            return CheckVerdict.Unknown("interrupted");
        }
    }

    /// <summary>Health needs no token; the figures do. Without thresholds the figures are optional.</summary>
    private static async Task<GatewayView?> FiguresAsync(
        ApiClient client, Health health, CheckLimits limits, CancellationToken cancellationToken)
    {
        // A gateway with a full store still answers; one that fails, starts or stands by does not.
        if (health.Reasons.Any(reason => reason.Code is "store" or "starting" or "standby" or "stuck")) return null;
        try
        {
            return await client.ReadStateAsync(cancellationToken);
        }
        catch (ApiException refused) when (refused.IsAboutTheToken && limits.AreNone)
        {
            return null;
        }
    }

    private static Option<long?> Count(string name, string what) => new(name)
    { Description = $"From this number of {what}.", HelpName = "N" };

    private static Option<TimeSpan?> Age(string name) => new(name)
    {
        Description = $"From this age of the oldest message for a peer on, {Duration.Forms}.",
        HelpName = "TIME",
        CustomParser = result => Duration.Parse(result),
    };
}
