using System.CommandLine;
using Gateway.Cli.Api;
using Gateway.Cli.Shell;
using Gateway.Configuration;
using Gateway.Doctor;
using Gateway.Doctor.Probes;
using Microsoft.Extensions.Configuration;

namespace Gateway.Cli.Doctor;

/// <summary>Examines the gateway's host, its store and the ways to its peers by measuring, whether the gateway runs or not.</summary>
internal static class DoctorVerb
{
    public static Command Create(Terminal terminal)
    {
        var config = new ConfigOption();
        var connection = new ApiConnection(config);
        var output = OutputOption.Create();
        var peer = ApiArguments.Peer();
        peer.Arity = ArgumentArity.ZeroOrOne;
        var command = new Command("doctor",
            "Measure what may be wrong with this gateway, its host and the way to a peer, and say what to do. Changes nothing.")
        { peer, output };
        connection.AddTo(command);
        command.SetAction((parsed, cancellationToken) => Verb.RunAsync(terminal, async () =>
        {
            var report = ReportOf(config.Arguments(parsed), terminal.Time);
            var name = parsed.GetValue(peer);
            if (name is not null && !report.Options.Peers.ContainsKey(name)) throw new CommandLineException(ExitCode.Usage,
                $"The configuration has no peer {name}.{Suggestion.For(name, report.Peers)} Give --config with the gateway's own file.");
            var answer = await GatewayQuestions.AskAsync(connection, parsed, terminal.Time, cancellationToken);
            var diagnosis = await new Examination(report, ProgramVersion.Text, terminal.Time).RunAsync(answer, name, cancellationToken);
            await new Output(terminal, parsed.GetValue(output)).WriteAsync(diagnosis, DoctorReport.Of, cancellationToken);
            return diagnosis.Verdict switch
            {
                Verdict.Fault => ExitCode.FaultFound,
                Verdict.Warning => ExitCode.WarningFound,
                _ => ExitCode.Ok,
            };
        }));
        return command;
    }

    private static ConfigurationReport ReportOf(string[] arguments, TimeProvider time)
    {
        try
        {
            return ConfigurationReport.Of(new ConfigurationBuilder().AddGatewayConfiguration(arguments).Build(), time);
        }
        catch (InvalidDataException unreadable)
        {
            throw new CommandLineException(
                ExitCode.Usage, $"The configuration cannot be read. {GatewayConfiguration.Reason(unreadable)}");
        }
    }
}
