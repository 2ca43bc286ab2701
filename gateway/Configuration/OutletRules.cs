using Gateway.Tcp;
using Gateway.Tcp.Framing;

namespace Gateway.Configuration;

/// <summary>The rules for outlets: queues, targets, and the keys that each way of delivery needs.</summary>
internal static class OutletRules
{
    private static readonly OutletOptions _standard = new();

    /// <param name="system">Null if there is neither an inlet nor an outlet.</param>
    public static void Check(GatewayOptions options, ICollection<string> faults, SystemFacts? system)
    {
        foreach (var (name, outlet) in options.Tcp.Outlets)
        {
            var key = KeyOf(name);
            if (!Names.IsValid(name))
                faults.Add($"{key}: a name is 1 to {Names.LengthMax} of a-z A-Z 0-9 . _ -, starting with a letter or digit.");
            CheckQueue(key, outlet.Queue, options.Tcp.Inlets.Keys, faults);
            if (outlet.Target.Length > 0 && OutletOptions.SplitTarget(outlet.Target) is null) faults.Add(
                $"{key}:Target is '{outlet.Target}', which is not of the form HOST:PORT, with an address of IPv6 in brackets.");
            FramingRules.Check($"{key}:Framing", outlet.Framing, options.Intake.BodyBytesMax, faults);
            CheckDelivery(key, outlet, faults);
            if (outlet.Delivery == OutletDelivery.Acknowledged && system?.TellsAcknowledged == false)
                faults.Add($"{key}:Delivery is Acknowledged, which is the default, but this host's system does not tell which bytes TCP "
                    + "has acknowledged; set it to Reply if the program answers each message, or to Written, which promises nothing.");
            CheckStream(key, outlet, faults);
            if (outlet.BackoffMax < outlet.BackoffMin)
                faults.Add($"{key}:BackoffMax ({outlet.BackoffMax}) is less than BackoffMin ({outlet.BackoffMin}).");
        }

        foreach (var same in options.Tcp.Outlets.GroupBy(outlet => outlet.Value.Queue)
            .Where(same => same.Key.Length > 0 && same.Count() > 1))
        {
            faults.Add($"{KeyOf(same.Last().Key)}:Queue is '{same.Key}', which the outlet {same.First().Key} empties already; in order is "
                + "possible for one alone.");
        }
    }

    private static string KeyOf(string outlet) => $"Gateway:Tcp:Outlets:{outlet}";

    private static void CheckQueue(string key, string queue, IEnumerable<string> inlets, ICollection<string> faults)
    {
        if (queue.Length == 0) return;
        if (!Names.IsValid(queue))
            faults.Add($"{key}:Queue is '{queue}', which is not the name of a queue of this gateway; write it without @.");
        else if (inlets.FirstOrDefault(inlet => TcpNames.RepliesOf(inlet) == queue) is { } inlet)
            faults.Add($"{key}:Queue is '{queue}', through which replies come back to the inlet {inlet}; give another one.");
    }

    private static void CheckDelivery(string key, OutletOptions outlet, ICollection<string> faults)
    {
        foreach (var (name, delivery) in Misplaced(outlet).Where(misplaced => misplaced.Delivery != outlet.Delivery)) faults.Add(
            $"{key}:{name} belongs to the delivery {delivery}, and {key}:Delivery is {outlet.Delivery}; leave it out.");
        foreach (var (name, pattern) in new[] { (nameof(outlet.Accepted), outlet.Accepted), (nameof(outlet.Refused), outlet.Refused) })
            if (ReplyPattern.Parse(pattern, out var fault) is null) faults.Add($"{key}:{name} is '{pattern}', which {fault}.");
    }

    /// <summary>The keys that have another value than by default, with the way of delivery that they belong to.</summary>
    private static IEnumerable<(string Key, OutletDelivery Delivery)> Misplaced(OutletOptions outlet)
    {
        if (outlet.ReplayWindow != _standard.ReplayWindow) yield return (nameof(outlet.ReplayWindow), OutletDelivery.Acknowledged);
        if (outlet.Accepted.Length > 0) yield return (nameof(outlet.Accepted), OutletDelivery.Reply);
        if (outlet.Refused.Length > 0) yield return (nameof(outlet.Refused), OutletDelivery.Reply);
        if (outlet.AttemptsMax != _standard.AttemptsMax) yield return (nameof(outlet.AttemptsMax), OutletDelivery.Reply);
        if (outlet.ReplyTimeout != _standard.ReplyTimeout) yield return (nameof(outlet.ReplyTimeout), OutletDelivery.Reply);
        if (outlet.UnansweredMax != _standard.UnansweredMax) yield return (nameof(outlet.UnansweredMax), OutletDelivery.Reply);
    }

    private static void CheckStream(string key, OutletOptions outlet, ICollection<string> faults)
    {
        if (outlet.Framing.Kind != FrameKind.Stream) return;
        if (outlet.Delivery == OutletDelivery.Reply)
            faults.Add($"{key}:Delivery is Reply, but a stream has no frames that could be one; set it to Acknowledged or Written.");
        if (outlet.ReplayWindow > TimeSpan.Zero)
            faults.Add($"{key}:ReplayWindow is set, but a stream is not sent again; leave it out.");
        if (!outlet.PerConversation)
            faults.Add($"{key}:PerConversation is false, but bytes of two conversations must not mix in a stream; set it to true.");
    }
}
