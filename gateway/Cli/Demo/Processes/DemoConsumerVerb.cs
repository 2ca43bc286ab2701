using System.CommandLine;
using Gateway.Cli.Shell;
using Gateway.Client;

namespace Gateway.Cli.Demo.Processes;

/// <summary>Hidden verb: the demo's receiving application, as a process that the demo can kill.</summary>
internal static class DemoConsumerVerb
{
    public const string Name = "demo-consumer";

    public static Command Create(Terminal terminal)
    {
        var address = new Argument<string>("addresses");
        var queue = new Argument<string>("queue");
        var command = new Command(Name, "The receiving application of the demo.") { address, queue };
        command.Hidden = true;
        command.SetAction((parsed, cancellationToken) => Verb.RunAsync(terminal, async () =>
        {
            using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, InputEnd.Of(terminal.Input));
            var options = new GatewayClientOptions
            { Addresses = parsed.GetRequiredValue(address).Split(','), ApplicationName = "demo consumer" };
            await using var client = new GatewayClient(options, time: terminal.Time);
            await new DemoConsumer(client, terminal.Output).RunAsync(parsed.GetRequiredValue(queue), stop.Token);
            return ExitCode.Ok;
        }));
        return command;
    }
}
