using System.Globalization;

namespace Gateway.Cli.Demo;

/// <summary>A running demo in one line.</summary>
internal static class DemoLine
{
    public static string Format(DemoView view)
    {
        var counts = view.Counts;
        var parts = new List<string>
        {
            string.Create(
                CultureInfo.InvariantCulture,
                $"{DemoTime.Format(view.Elapsed)}  accepted {counts.Accepted}, delivered {counts.Delivered}, completed {counts.Completed}"),
        };
        parts.AddRange(view.Gateways.Select(gateway => $"{gateway.Name}: {Describe(gateway.Status)}"));
        return string.Join(" | ", parts);
    }

    public static string Describe(GatewayStatus? status)
    {
        if (status is null)
            return "does not answer";

        string[] parts =
        [
            .. status.Queues
                .Where(queue => queue.Messages > 0)
                .Select(queue => string.Create(CultureInfo.InvariantCulture, $"{queue.Name} {queue.Messages}")),
            .. status.Links.Select(link => $"link to {link.Peer} {link.Describe()}"),
        ];
        return status.Messages == 0 ? string.Join(", ", ["nothing undelivered", .. parts]) : string.Join(", ", parts);
    }
}
