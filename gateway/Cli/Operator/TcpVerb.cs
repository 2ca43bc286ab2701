using System.CommandLine;
using Gateway.Cli.Api;
using Gateway.Cli.Shell;

namespace Gateway.Cli.Operator;

/// <summary>The inlets and outlets of the running gateway, for programs that speak plain TCP.</summary>
internal static class TcpVerb
{
    public static Command Create(Terminal terminal) =>
        new("tcp", "Look at the inlets and outlets of the running gateway, for programs that speak plain TCP.")
        {
            List(terminal), Show(terminal),
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
        var name = new Argument<string>("name") { Description = "An inlet or outlet, as in Gateway:Tcp; or an inlet and an outlet." };
        name.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<string>() is { } given && !Names.IsValid(given)) result.AddError(
                $"'{given}' is not the name of an inlet or outlet: it has 1 to {Names.LengthMax} of a-z A-Z 0-9 . _ - and starts with a "
                + "letter or digit.");
        });
        return new Command("show", "Show an inlet or outlet in full: why it is as it is, its connections, patterns and history.") { name }
            .ShownFromApi(terminal, async (call, cancellationToken) =>
        {
            var shown = await call.Client.ReadTcpAsync(call.Parsed.GetRequiredValue(name), cancellationToken);
            await call.Output.WriteAsync(shown, TcpReport.Show, cancellationToken);
            return ExitCode.Ok;
        });
    }
}
