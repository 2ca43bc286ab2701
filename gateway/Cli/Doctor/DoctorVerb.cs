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
    private static readonly TimeSpan _idleMin = TimeSpan.FromSeconds(1);

    /// <summary>A probe may announce a silence of an hour, with the time for the answer after it.</summary>
    private static readonly TimeSpan _idleMax = TimeSpan.FromMinutes(55);

    public static Command Create(Terminal terminal)
    {
        var config = new ConfigOption();
        var connection = new ApiConnection(config);
        var output = OutputOption.Create();
        var peer = ApiArguments.Peer();
        peer.Arity = ArgumentArity.ZeroOrOne;
        var bandwidth = new Option<bool>("--bandwidth")
        { Description = "Also fill the way to the peer for two seconds in each direction, at most 900 MB." };
        var idle = IdleOption();
        var command = new Command("doctor",
            "Measure what may be wrong with this gateway, its host and the way to a peer, and say what to do. Changes nothing.")
        { peer, bandwidth, idle, output };
        connection.AddTo(command);
        command.SetAction((parsed, cancellationToken) => Verb.RunAsync(terminal, async () =>
        {
            var report = ReportOf(config.Arguments(parsed), terminal.Time);
            var name = parsed.GetValue(peer);
            if (name is not null && !report.Options.Peers.ContainsKey(name)) throw new CommandLineException(ExitCode.Usage,
                $"The configuration has no peer {name}.{Suggestion.For(name, report.Peers)} Give --config with the gateway's own file.");
            var wishes = new WayWishes(parsed.GetValue(bandwidth), parsed.GetValue(idle));
            if (name is null && wishes != new WayWishes())
                throw new CommandLineException(ExitCode.Usage, "--bandwidth and --idle measure the way to a peer: name the peer.");
            var answer = await GatewayQuestions.AskAsync(connection, parsed, terminal.Time, cancellationToken);
            var diagnosis = await new Examination(report, ProgramVersion.Text, terminal.Time).RunAsync(
                answer, name, wishes, cancellationToken);
            await WriteAsync(new Output(terminal, parsed.GetValue(output)), parsed.GetValue(output), diagnosis, cancellationToken);
            return diagnosis.Verdict switch
            {
                Verdict.Fault => ExitCode.FaultFound,
                Verdict.Warning => ExitCode.WarningFound,
                _ => ExitCode.Ok,
            };
        }));
        return command;
    }

    private static async Task WriteAsync(Output output, OutputFormat format, Diagnosis diagnosis, CancellationToken cancellationToken)
    {
        if (format != OutputFormat.Jsonl)
        {
            await output.WriteAsync(diagnosis, DoctorReport.Of, cancellationToken);
            return;
        }

        foreach (var finding in diagnosis.Findings) await output.WriteObjectAsync(finding, cancellationToken);
    }

    private static Option<TimeSpan?> IdleOption() => new("--idle")
    {
        Description = $"Also look for a device on the way that forgets silent connections within this time, {Duration.Forms}, at most "
            + $"{Duration.Text(_idleMax)}. Takes that long, and up to twice as long if there is one.",
        HelpName = "TIME",
        CustomParser = result =>
        {
            var idle = Duration.Parse(result);
            if (idle < _idleMin || idle > _idleMax)
                result.AddError($"--idle takes a time from {Duration.Text(_idleMin)} to {Duration.Text(_idleMax)}.");
            return idle;
        },
    };

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
