using System.CommandLine;
using Gateway.Cli.Api;
using Gateway.Cli.Shell;

namespace Gateway.Cli.Operator;

/// <summary>The inlets and outlets of the running gateway, for programs that speak plain TCP.</summary>
internal static class TcpVerb
{
    public static Command Create(Terminal terminal) =>
        new("tcp", "Look at the inlets and outlets of the running gateway, for programs that speak plain TCP, and pause outlets.")
        {
            List(terminal), Show(terminal), Pause(terminal), Resume(terminal),
        };

    private static Command List(Terminal terminal) =>
        new Command("ls", "List the inlets and outlets: state, cause, connections, what has passed, what waits, and what to do.")
            .ShownFromApi(terminal, async (call, cancellationToken) =>
        {
            await call.Output.WriteAsync(await call.Client.ReadTcpAsync(cancellationToken), TcpReport.List, cancellationToken);
            return ExitCode.Ok;
        });

    private static Command Show(Terminal terminal)
    {
        var name = Name("name", "An inlet or outlet, as in Gateway:Tcp; or an inlet and an outlet.");
        return new Command("show", "Show an inlet or outlet in full: why it is as it is, its connections, patterns and history.") { name }
            .ShownFromApi(terminal, async (call, cancellationToken) =>
        {
            var shown = await call.Client.ReadTcpAsync(call.Parsed.GetRequiredValue(name), cancellationToken);
            await call.Output.WriteAsync(shown, TcpReport.Show, cancellationToken);
            return ExitCode.Ok;
        });
    }

    private static Command Pause(Terminal terminal)
    {
        var (outlet, why) = (Outlet(), ApiArguments.Why());
        return new Command("pause", "Send nothing to an outlet's target until it is resumed, across restarts too; it takes messages.")
            { outlet, why }.OnApi(terminal, async (call, cancellationToken) =>
        {
            var name = call.Parsed.GetRequiredValue(outlet);
            await call.Client.PauseOutletAsync(name, call.Parsed.GetValue(why)!, cancellationToken);
            return await SayAsync(call, $"Nothing more is sent to the target of {name} until 'gateway tcp resume {name}'.");
        });
    }

    private static Command Resume(Terminal terminal)
    {
        var outlet = Outlet();
        return new Command("resume", "Let an outlet's messages go again.") { outlet }.OnApi(terminal, async (call, cancellationToken) =>
        {
            var name = call.Parsed.GetRequiredValue(outlet);
            await call.Client.ResumeOutletAsync(name, cancellationToken);
            return await SayAsync(call, $"Messages go to the target of {name} again.");
        });
    }

    private static Argument<string> Outlet() => Name("outlet", "An outlet, as in Gateway:Tcp:Outlets.");

    private static Argument<string> Name(string argument, string description)
    {
        var name = new Argument<string>(argument) { Description = description };
        name.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<string>() is { } given && !Names.IsValid(given)) result.AddError(
                $"'{given}' is not the name of an inlet or outlet: it has 1 to {Names.LengthMax} of a-z A-Z 0-9 . _ - and starts with a "
                + "letter or digit.");
        });
        return name;
    }

    private static async Task<ExitCode> SayAsync(ApiCall call, string sentence)
    {
        if (call.Output.IsForPeople) await call.Terminal.WriteDoneAsync(sentence, sentence, CancellationToken.None);
        return ExitCode.Ok;
    }
}
