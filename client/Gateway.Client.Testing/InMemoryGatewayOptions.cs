using Gateway.Client.Testing.Memory;
using Gateway.Client.Wire;

namespace Gateway.Client.Testing;

/// <summary>The configuration of an <see cref="InMemoryGateway"/>. Read once, when it is created.</summary>
public sealed class InMemoryGatewayOptions
{
    /// <summary>The gateway's name: <c>orders@local</c> is its own queue <c>orders</c>. Default <c>local</c>.</summary>
    public string Name { get; set; } = "local";

    /// <summary>
    /// The names of its peers. A message for a peer stays in <c>queue@peer</c>, where the test sees it; nothing transmits it. Default:
    /// none.
    /// </summary>
    public IList<string> Peers { get; } = [];

    /// <summary>
    /// Where the messages to a bare queue name go: a copy to each destination, which is <c>queue@peer</c> or <c>queue@name</c>. Default:
    /// none.
    /// </summary>
    public IDictionary<string, IReadOnlyList<string>> Routes { get; } = new Dictionary<string, IReadOnlyList<string>>();

    /// <summary>The lease of a consumer that asks for none. 100 ms to 12 h, default 30 s.</summary>
    public TimeSpan Lease { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>The deliveries after which an abandoned or lost message becomes a dead letter. At least 1, default 10.</summary>
    public int DeliveriesMax { get; set; } = 10;

    /// <summary>
    /// The messages that a queue may hold; more are refused with <see cref="GatewayError.StoreFull"/>. Default: no limit.
    /// </summary>
    public int QueueMessagesMax { get; set; } = int.MaxValue;

    /// <summary>What is wrong with the options.</summary>
    internal IEnumerable<string> Faults()
    {
        foreach (var name in Peers.Append(Name).Concat(Routes.Keys).Where(name => !MemoryChecks.IsName(name)))
            yield return $"'{name}' is not a name.";
        foreach (var name in Peers.Append(Name).GroupBy(name => name).Where(names => names.Count() > 1))
            yield return $"The name '{name.Key}' occurs more than once.";
        foreach (var destination in Routes.Values.SelectMany(route => route))
        {
            if (MemoryChecks.PeerOf(destination) is null || MemoryChecks.FindTargets(destination, this, out _) is not null)
                yield return $"The route to '{destination}' leads to no queue of this gateway or of a peer.";
        }

        if (Lease.TotalMilliseconds is < ProtocolLimits.LeaseMsMin or > ProtocolLimits.LeaseMsMax)
            yield return $"Lease {Lease} is not between 100 ms and 12 h.";
        if (DeliveriesMax < 1)
            yield return $"DeliveriesMax {DeliveriesMax} is not 1 or more.";
        if (QueueMessagesMax < 0)
            yield return $"QueueMessagesMax {QueueMessagesMax} is not 0 or more.";
    }
}
