using Gateway.Client.Wire;
using Gateway.Store.Messages;

namespace Gateway.Configuration;

/// <summary>The rules for routes that give each message to one of their destinations.</summary>
internal static class SpreadRules
{
    public static void Check(GatewayOptions options, ICollection<string> faults)
    {
        foreach (var (queue, spread) in options.Spread)
        {
            var key = $"Gateway:Spread:{queue}";
            if (!options.Routes.ContainsKey(queue))
            {
                faults.Add($"{key} is for a route, but there is no Gateway:Routes:{queue}; list its destinations there, or remove {key}.");
                continue;
            }

            if (spread.Mode == RouteMode.Partition && spread.Header.Length == 0)
                faults.Add($"{key}:Header is empty; name the header that holds the key of a message, or leave it out for "
                    + $"'{MessageKey.Header}'.");
            if (spread.Mode != RouteMode.Partition && spread.Header != MessageKey.Header)
                faults.Add($"{key}:Header is '{spread.Header}', but {key}:Mode is {spread.Mode}, which looks at no header; set the mode to "
                    + $"{RouteMode.Partition}, or remove the header.");
            if (spread.Mode != RouteMode.Copy) CheckInlets(options, queue, key, spread.Mode, faults);
        }
    }

    /// <summary>The frames of a conversation would go to different programs, and its end to only one of them.</summary>
    private static void CheckInlets(GatewayOptions options, string queue, string key, RouteMode mode, ICollection<string> faults)
    {
        foreach (var (inlet, _) in options.Tcp.Inlets.Where(inlet => inlet.Value.Destination == queue))
        {
            faults.Add($"Gateway:Tcp:Inlets:{inlet}:Destination is '{queue}', whose messages are spread ({key}:Mode is {mode}); that would "
                + "tear its conversations apart: give the inlet a destination of its own, as queue@peer.");
        }
    }
}
