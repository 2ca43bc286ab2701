using System.CommandLine;
using Gateway.Cli.Shell;

namespace Gateway.Cli.Demo.Processes;

/// <summary>Hidden verb: the demo's receiving program with plain sockets, as a process that the demo can kill.</summary>
internal static class DemoReceiverVerb
{
    public const string Name = "demo-receiver";

    public static Command Create(Terminal terminal)
    {
        var port = new Argument<int>("port");
        var command = new Command(Name, "The receiving program of the demo with plain sockets.") { port };
        command.Hidden = true;
        command.SetAction((parsed, cancellationToken) => Verb.RunAsync(terminal, async () =>
        {
            using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, InputEnd.Of(terminal.Input));
            await new DemoReceiver(terminal.Output).RunAsync(parsed.GetValue(port), stop.Token);
            return ExitCode.Ok;
        }));
        return command;
    }
}
