using System.Collections.Concurrent;
using System.Globalization;
using System.Text;
using Gateway.Client.Wire;

namespace Gateway.Tests.Client.Processing;

/// <summary>
/// One local queue of a fake gateway: delivers against credit in the order of its numbers, and takes back what is abandoned or released;
/// an abandoned message comes again at once, whatever its delay. Its members are called on the gateway's thread.
/// </summary>
internal sealed class FakeQueue
{
    private readonly SortedDictionary<int, Queued> _available = [];
    private readonly Dictionary<long, Queued> _leased = [];
    private RequestId? _subscription;
    private int _credit;
    private long _lastToken;

    /// <param name="keys">The key of each message, which are numbered from 1; null for none.</param>
    public FakeQueue(params string?[] keys)
    {
        for (var number = 1; number <= keys.Length; number++)
            _available[number] = new Queued(number, keys[number - 1], 0);
    }

    /// <summary>
    /// How messages ended, in that order: <c>complete 1</c>, <c>abandon 1 after 2 s</c>, <c>reject 1: reason</c>, <c>release 1</c>.
    /// </summary>
    public ConcurrentQueue<string> Settled { get; } = new();

    /// <summary>Renewals so far.</summary>
    public int Renewals { get; private set; }

    /// <summary>Whether nothing is waiting and nothing is leased.</summary>
    public bool IsEmpty { get; private set; }

    /// <summary>Whether a consumer receives.</summary>
    public bool IsOpen { get; private set; }

    public IEnumerable<Reply> Answer(Request request)
    {
        var settled = Settle(request);
        if (request is Request.Receive receive)
        {
            _credit = (_subscription == receive.Subscription ? _credit : 0) + receive.Credit;
            _subscription = receive.Subscription;
        }
        else if (request is Request.Stop)
        {
            _subscription = null;
        }

        IsOpen = _subscription is not null;
        List<Reply> replies = [.. settled ?? FakeGateway.Obliging(request), .. Deliver()];
        IsEmpty = _available.Count + _leased.Count == 0;
        return replies;
    }

    private IEnumerable<Reply>? Settle(Request request)
    {
        switch (request)
        {
            case Request.Complete r when _leased.Remove(r.Token.Value, out var message):
                Settled.Enqueue($"complete {message.Number}");
                return null;
            case Request.Reject r when _leased.Remove(r.Token.Value, out var message):
                Settled.Enqueue($"reject {message.Number}: {r.Reason}");
                return null;
            case Request.Abandon r when _leased.Remove(r.Token.Value, out var message):
                Settled.Enqueue(string.Create(CultureInfo.InvariantCulture, $"abandon {message.Number} after {r.Delay.TotalSeconds} s"));
                _available[message.Number] = message;
                return null;
            case Request.Release r when _leased.Remove(r.Token.Value, out var message):
                Settled.Enqueue($"release {message.Number}");
                _available[message.Number] = message with { Deliveries = message.Deliveries - 1 };
                return null;
            case Request.Renew r when _leased.ContainsKey(r.Token.Value):
                Renewals++;
                return null;
            case Request.Complete r:
                return [Lost(r.Id)];
            case Request.Reject r:
                return [Lost(r.Id)];
            case Request.Abandon r:
                return [Lost(r.Id)];
            default:
                return null;
        }
    }

    private static Reply Lost(RequestId id) => new Reply.Rejected(id, WireCode.LeaseLost, "not held");

    private IEnumerable<Reply> Deliver()
    {
        while (_subscription is { } subscription && _credit > 0 && _available.Count > 0)
        {
            var message = _available.First().Value;
            message = message with { Deliveries = message.Deliveries + 1 };
            _available.Remove(message.Number);
            _leased[++_lastToken] = message;
            _credit--;
            var headers = message.Key is null ? [] : HeadersJson.Write(new Dictionary<string, string> { ["key"] = message.Key });
            var body = Encoding.UTF8.GetBytes($"{message.Number}");
            yield return new Reply.Delivery(subscription, new DeliveryToken(_lastToken), new DeliveredMessage(
                HandScheduleTests.IdOf(message.Number), message.Deliveries, headers, 1, 0, "fake", body));
        }
    }

    private sealed record Queued(int Number, string? Key, int Deliveries);
}
