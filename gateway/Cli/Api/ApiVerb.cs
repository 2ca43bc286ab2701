using System.CommandLine;
using Gateway.Cli.Shell;

namespace Gateway.Cli.Api;

/// <summary>The common parts of all verbs that use the HTTP API: connection, output and repetition.</summary>
internal static class ApiVerb
{
    /// <summary>Keeps watching from loading the gateway.</summary>
    private static readonly TimeSpan _everyMin = TimeSpan.FromMilliseconds(100);

    private const string ClearScreen = "\u001b[H\u001b[J";

    /// <summary>Adds the options and the action to the command.</summary>
    public static Command OnApi(this Command command, Terminal terminal, Func<ApiCall, CancellationToken, Task<ExitCode>> act) =>
        command.OnApi(terminal, new ConfigOption(), act);

    /// <summary>Likewise for a verb that reads the file of configuration too.</summary>
    public static Command OnApi(
        this Command command, Terminal terminal, ConfigOption config, Func<ApiCall, CancellationToken, Task<ExitCode>> act)
    {
        var connection = new ApiConnection(config);
        var output = OutputOption.Create();
        command.Options.Add(output);
        connection.AddTo(command);
        command.SetAction((parsed, cancellationToken) => Verb.RunAsync(terminal, () => connection.UseAsync(parsed, terminal.Time, client =>
            act(new ApiCall(parsed, client, new Output(terminal, parsed.GetValue(output)), terminal)
            { GivenTimeout = connection.GivenTimeout(parsed) }, cancellationToken))));
        return command;
    }

    /// <summary>Likewise for a read-only verb, which can be watched.</summary>
    public static Command ShownFromApi(this Command command, Terminal terminal, Func<ApiCall, CancellationToken, Task<ExitCode>> show)
    {
        var watch = new Option<bool>("--watch") { Description = "Show it again and again, until Ctrl-C." };
        var every = new Option<TimeSpan>("--every")
        {
            Description = $"With --watch: how often, {Duration.Forms}.",
            HelpName = "TIME",
            CustomParser = Duration.Parse,
            DefaultValueFactory = _ => TimeSpan.FromSeconds(2),
        };
        command.Options.Add(watch);
        command.Options.Add(every);
        return command.OnApi(terminal, (call, cancellationToken) => call.Parsed.GetValue(watch)
            ? WatchAsync(call, call.Parsed.GetValue(every), show, cancellationToken)
            : show(call, cancellationToken));
    }

    private static async Task<ExitCode> WatchAsync(
        ApiCall call, TimeSpan every, Func<ApiCall, CancellationToken, Task<ExitCode>> show, CancellationToken cancellationToken)
    {
        while (true)
        {
            if (call.Terminal.HasColours && call.Output.IsForPeople)
                await call.Terminal.Output.WriteAsync(System.Text.Encoding.ASCII.GetBytes(ClearScreen), cancellationToken);
            try
            {
                await show(call, cancellationToken);
            }
            catch (ApiException failure) when (failure.ExitCode == ExitCode.Unreachable)
            {
                // Watching continues through an outage, so that the user sees the gateway come back.
                await call.Terminal.Error.WriteLineAsync(failure.Message);
            }

            await Task.Delay(every < _everyMin ? _everyMin : every, call.Terminal.Time, cancellationToken);
        }
    }
}
