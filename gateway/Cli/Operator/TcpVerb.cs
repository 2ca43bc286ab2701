using System.CommandLine;
using Gateway.Cli.Api;
using Gateway.Cli.Shell;

namespace Gateway.Cli.Operator;

/// <summary>The inlets and outlets of the running gateway, for programs that speak plain TCP.</summary>
internal static class TcpVerb
{
    public static Command Create(Terminal terminal) =>
        new("tcp", "Look at the inlets and outlets of the running gateway, for programs that speak plain TCP, and pause them.")
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
        var (which, why) = (new Which(), ApiArguments.Why());
        return new Command("pause", "Let an inlet's programs wait, or send nothing to an outlet's target, until it is resumed, across "
            + "restarts too.") { which.Name, why, which.Inlet, which.Outlet }.OnApi(terminal, async (call, cancellationToken) =>
        {
            var name = call.Parsed.GetRequiredValue(which.Name);
            if (await which.IsInletAsync(call, cancellationToken))
            {
                await call.Client.PauseInletAsync(name, call.Parsed.GetValue(why)!, cancellationToken);
                return await SayAsync(call, $"Nothing more is read from the programs at {name} until 'gateway tcp resume {name}'.");
            }

            await call.Client.PauseOutletAsync(name, call.Parsed.GetValue(why)!, cancellationToken);
            return await SayAsync(call, $"Nothing more is sent to the target of {name} until 'gateway tcp resume {name}'.");
        });
    }

    private static Command Resume(Terminal terminal)
    {
        var which = new Which();
        return new Command("resume", "Let an inlet's programs, or an outlet's messages, go on.")
            { which.Name, which.Inlet, which.Outlet }.OnApi(terminal, async (call, cancellationToken) =>
        {
            var name = call.Parsed.GetRequiredValue(which.Name);
            if (await which.IsInletAsync(call, cancellationToken))
            {
                await call.Client.ResumeInletAsync(name, cancellationToken);
                return await SayAsync(call, $"The programs at {name} go on.");
            }

            await call.Client.ResumeOutletAsync(name, cancellationToken);
            return await SayAsync(call, $"Messages go to the target of {name} again.");
        });
    }

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

    /// <summary>An inlet or an outlet: by its name, and by a word if there are both.</summary>
    private sealed class Which
    {
        public Argument<string> Name { get; } = TcpVerb.Name("name", "An inlet or an outlet, as in Gateway:Tcp.");

        public Option<bool> Inlet { get; } = new("--inlet") { Description = "The inlet, if an outlet has the same name." };

        public Option<bool> Outlet { get; } = new("--outlet") { Description = "The outlet, if an inlet has the same name." };

        /// <exception cref="CommandLineException">There are both, or both words are given.</exception>
        public async Task<bool> IsInletAsync(ApiCall call, CancellationToken cancellationToken)
        {
            var (name, inlet, outlet) = (call.Parsed.GetRequiredValue(Name), call.Parsed.GetValue(Inlet), call.Parsed.GetValue(Outlet));
            if (inlet && outlet) throw new CommandLineException(ExitCode.Usage, "Give --inlet or --outlet, not both.");
            if (inlet || outlet) return inlet;
            var found = await call.Client.ReadTcpAsync(name, cancellationToken);
            if (found is { Inlet: not null, Outlet: not null }) throw new CommandLineException(
                ExitCode.Usage, $"There are an inlet and an outlet '{name}'; say which with --inlet or --outlet.");
            return found.Inlet is not null;
        }
    }
}
