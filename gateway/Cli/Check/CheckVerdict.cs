using System.Globalization;
using Gateway.Http.Views;
using Gateway.Links.Causes;
using Gateway.Management;

namespace Gateway.Cli.Check;

/// <summary>Judges a gateway for monitoring, in one line with performance data. Pure.</summary>
internal sealed record CheckVerdict(CheckState State, string Line)
{
    public static CheckVerdict Unknown(string why) => Of(CheckState.Unknown, why, "");

    public static CheckVerdict Unreachable(string why) => Of(CheckState.Critical, why, "");

    /// <param name="gateway">Null if the figures are unavailable or not permitted.</param>
    public static CheckVerdict Of(Health health, GatewayView? gateway, CheckLimits limits)
    {
        var state = health.Status switch
        {
            HealthStatus.Healthy => CheckState.Ok,
            HealthStatus.Degraded => CheckState.Warning,
            _ => CheckState.Critical,
        };
        var reasons = health.Reasons.Select(
            reason => reason.About.Length > 0 ? $"{reason.Code} {reason.About}: {reason.Text}" : $"{reason.Code}: {reason.Text}").ToList();
        if (gateway is null) return Of(state, reasons.Count > 0 ? string.Join("; ", reasons) : "all is well", "");

        var (messages, age) = (gateway.Outgoing.Messages, gateway.Peers.Max(peer => peer.OldestAgeSeconds) ?? 0);
        foreach (var (passed, text) in new[]
        {
            (Passed(messages, limits.Messages.Warning, limits.Messages.Critical), $"{Figures.Waiting(messages)} for peers"),
            (Passed(age, limits.Age.Warning?.TotalSeconds, limits.Age.Critical?.TotalSeconds),
                $"the oldest message for a peer has waited for {Figures.Span(age)}"),
            (Passed(gateway.DeadLetters, limits.DeadLetters.Warning, limits.DeadLetters.Critical),
                Figures.Counted(gateway.DeadLetters, "dead letter")),
        })
        {
            if (passed > CheckState.Ok) reasons.Add(text);
            if (passed > state) state = passed;
        }

        string[] figures =
        [
            Figure("messages", Number(messages), Number(limits.Messages.Warning), Number(limits.Messages.Critical)),
            Figure("oldest_age", $"{Number(age)}s", Number(limits.Age.Warning?.TotalSeconds), Number(limits.Age.Critical?.TotalSeconds)),
            Figure("inbound", Number(gateway.Inbound.Messages)),
            Figure("dead_letters", Number(gateway.DeadLetters), Number(limits.DeadLetters.Warning), Number(limits.DeadLetters.Critical)),
            Figure("peers_not_up", Number(gateway.Peers.Count(peer => peer.State != LinkState.Up))),
            Figure("stored", $"{Number(gateway.StoredBytes)}B"),
            Figure("disk_free", gateway.FreeBytes == long.MaxValue ? "U" : $"{Number(gateway.FreeBytes)}B"),
        ];
        return Of(state, reasons.Count > 0 ? string.Join(
            "; ", reasons) : $"{gateway.Name} is well, {Figures.Waiting(messages)} for peers", $" | {string.Join(' ', figures)}");
    }

    private static CheckState Passed(double figure, double? warning, double? critical) =>
        figure >= critical ? CheckState.Critical : figure >= warning ? CheckState.Warning : CheckState.Ok;

    private static string Figure(string name, string value, string warning = "", string critical = "") =>
        $"{name}={value};{warning};{critical};0;";

    private static string Number(double? figure) => figure is { } known ? known.ToString("0.###", CultureInfo.InvariantCulture) : "";

    /// <summary>A bar starts the performance data, so the text must not contain one.</summary>
    private static CheckVerdict Of(CheckState state, string text, string figures) =>
        new(state, $"GATEWAY {state.ToString().ToUpperInvariant()} - {ForeignText.Plain(text.Replace('|', '/'))}{figures}");
}
