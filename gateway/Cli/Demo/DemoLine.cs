using System.Globalization;
using Gateway.Http.Answers;
using Gateway.Http.Views;

namespace Gateway.Cli.Demo;

/// <summary>The progress of a demo in one line.</summary>
internal static class DemoLine
{
    public static string Format(DemoView view)
    {
        var counts = view.Counts;
        var parts = new List<string>
        {
            string.Create(
                CultureInfo.InvariantCulture,
                $"{DemoTime.Format(view.Elapsed)}  accepted {counts.Accepted}, delivered {counts.Delivered}"
                    + $"{(view.Tcp ? "" : $", completed {counts.Completed}")}"),
        };
        parts.AddRange(view.Gateways.Select(gateway => $"{gateway.Name}: {Describe(gateway.State)}"));
        return string.Join(" | ", parts);
    }

    /// <param name="gateway">Null for one that does not answer.</param>
    public static string Describe(GatewayView? gateway)
    {
        if (gateway is null)
            return "does not answer";

        string[] parts =
        [
            .. gateway.Queues
                .Where(queue => queue.Messages > 0)
                .Select(queue => string.Create(CultureInfo.InvariantCulture, $"{queue.Name} {queue.Messages}")),
            .. gateway.Peers.Select(link => $"link to {link.Peer} {Describe(link)}"),
        ];
        return gateway.Outgoing.Messages + gateway.Inbound.Messages == 0 ? string.Join(
            ", ", ["nothing undelivered", .. parts]) : string.Join(", ", parts);
    }

    public static string Describe(LinkView link) =>
        link.Cause is null ? HttpJson.NameOf(link.State) : $"{HttpJson.NameOf(link.State)} ({link.Cause})";
}
