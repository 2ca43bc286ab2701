using Gateway.Client;
using Gateway.Store.Commands;
using Gateway.Store.Messages;

namespace Gateway.Tests.Simulation;

/// <summary>
/// Messages that are given to one of several destinations. Each goes to one and no other, however often it is repeated; and a key moves
/// from one destination to another only when a list lacks the first, or has gained the second.
/// </summary>
internal sealed partial class Ledger
{
    private readonly Dictionary<MessageId, SpreadMessage> _spread = [];

    /// <summary>Where each key went, by its queue, with the list of that moment.</summary>
    private readonly Dictionary<(string Queue, string Key), HashSet<(string List, Destination To)>> _wentTo = [];

    public void SentToOneOf(MessageId id, SpreadMessage message) => _spread.Add(id, message);

    /// <summary>A store has made the message durable for the first time, in the queue that the gateway has chosen.</summary>
    public void Chosen(string gateway, Placed placed, Spread spread)
    {
        var (id, to) = (placed.Message.Message.Id, DestinationOf(gateway, placed.Queue));
        if (!_spread.TryGetValue(id, out var message) || to.Queue != message.Queue)
            throw new SimulationException($"message {id} was given to {to}, and not to one of those it was meant for");
        if (_copies.TryGetValue(id, out var copies))
            throw new SimulationException($"message {id} was given to {to}, and before to {copies[0].To}");
        Add(new Entry(id, to) { Expires = message.Expires, IsGivenUp = message.IsGivenUp });
        occurrences.Count(message.Key is null ? "message shared" : "message partitioned");
        CheckKey(id, to, spread);
    }

    /// <summary>The backlog of a queue is given to others.</summary>
    public void CheckKey(MessageId id, Destination to, Spread? spread)
    {
        if (spread is not PartitionedQueues partitioned || _spread[id].Key is not { } key) return;
        if (!_wentTo.TryGetValue((to.Queue, key), out var before)) _wentTo[(to.Queue, key)] = before = [];
        var list = partitioned.Destinations;
        foreach (var (otherList, other) in before)
        {
            var isInBoth = list.Contains(other.ToString()) && otherList.Split(' ').Contains(to.ToString());
            if (other != to && isInBoth) throw new SimulationException(
                $"message {id} of {key} went to {to} by the list {string.Join(' ', list)}, another one to {other} by {otherList}");
        }

        before.Add((string.Join(' ', list.Order()), to));
        if (before.Select(one => one.To).Distinct().Count() > 1) occurrences.Count("key moved with a list");
    }

    public void CheckKey(string gateway, Placed placed, Spread? spread) =>
        CheckKey(placed.Message.Message.Id, DestinationOf(gateway, placed.Queue), spread);
}
