using Gateway.Cli.Shell;
using Gateway.Http.Views;
using Gateway.Management;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace Gateway.Cli.Operator;

/// <summary>A gateway at a glance, for people: waiting messages, their peers and age, the cause, and the remedy. Pure.</summary>
internal static class StatusReport
{
    /// <summary>The shortest pause of the gateway's loop worth showing, in seconds.</summary>
    private const double PauseShown = 1;

    public static IEnumerable<IRenderable> Of(GatewayView gateway)
    {
        yield return Listing.Facts(
            ("gateway", gateway.Name),
            ("running since", $"{Figures.Time(gateway.StartedAt)} ({Figures.Span((gateway.Now - gateway.StartedAt).TotalSeconds)})"),
            ("stored", $"{Figures.Bytes(gateway.StoredBytes)}, "
                + (gateway.FreeBytes == long.MaxValue ? "in a database" : $"the disk has {Figures.Bytes(gateway.FreeBytes)} left")),
            ("new messages", gateway.DiskObstacle is null ? null : $"refused since "
                + $"{Figures.Time(gateway.DiskObstacleSince ?? gateway.Now)}, and what is stored drains: {gateway.DiskObstacle}"),
            ("dead letters", gateway.DeadLetters == 0 ? "none"
                : $"{Figures.Count(gateway.DeadLetters)}; 'gateway deadletter ls' lists them"),
            ("damaged", gateway.Damaged == 0 ? null : $"{Figures.Messages(gateway.Damaged)} could not be read; with the gateway "
                + $"stopped, 'gateway store check' lists them"),
            ("longest pause", gateway.LoopTurnMaxSeconds >= PauseShown ? $"{Figures.Span(gateway.LoopTurnMaxSeconds)} of late: the "
                + $"gateway itself was busy, not the network" : null),
            ("log", gateway.LogLinesDropped == 0 ? null : $"{Figures.Counted(gateway.LogLinesDropped, "line")} dropped: nobody "
                + $"reads the standard output of the gateway, or its log file takes none, or did not for a time"),
            ("telemetry", Telemetry(gateway)),
            ("certificate", gateway.Certificate?.Warning),
            ("configuration", Configuration(gateway.Configuration)));
        yield return new Text("");
        yield return gateway.Peers.Count > 0 ? PeerReport.List(gateway.Peers) : new Text("There are no peers; add them to Gateway:Peers.");
        if (gateway.Inlets.Count > 0 || gateway.Outlets.Count > 0) yield return new Text("");
        foreach (var part in TcpReport.Tables(gateway.Inlets, gateway.Outlets)) yield return part;
        var queues = gateway.Queues.Where(queue => queue.Messages > 0 || queue.State != QueueCondition.Open).ToList();
        yield return new Text("");
        yield return queues.Count > 0 ? QueueReport.List(queues) : new Text("No messages wait.");
        if (gateway.Unlisted > 0)
            yield return new Text($"{Figures.Counted(gateway.Unlisted, "more queue")} with fewer messages, or none; "
                + $"'gateway queue ls' lists all.");
    }

    public static IEnumerable<IRenderable> OfStandby(StandbyView standby) =>
        [Listing.Facts(("state", standby.State)), new Text(standby.Text)];

    private static string? Configuration(ConfigurationStanding configuration) =>
        configuration.Faults.Count > 0 ? $"not applied since {Figures.Time(configuration.FaultySince)}: "
            + string.Join(' ', configuration.Faults)
        : configuration.AtRestart.Count > 0 ? "changed in the files, and in force after a restart: "
            + string.Join(", ", configuration.AtRestart)
        : null;

    private static string? Telemetry(GatewayView gateway)
    {
        string[] lost =
        [
            .. Lost(gateway.SpansDropped, "dropped span"),
            .. Lost(gateway.MetricExportsFailed, "failed export of metrics", "failed exports of metrics"),
        ];
        return lost.Length == 0 ? null : $"{string.Join(", ", lost)}: the collector (Telemetry:OtlpEndpoint) does not take them, "
            + $"or did not for a time";

        static IEnumerable<string> Lost(long count, string one, string? many = null) =>
            count == 0 ? [] : [Figures.Counted(count, one, many)];
    }
}
