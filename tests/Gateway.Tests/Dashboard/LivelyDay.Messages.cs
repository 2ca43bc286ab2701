using System.Text;
using Gateway.Client;
using Gateway.Management;
using Gateway.Store.Messages;
using Gateway.Tests.Management;

namespace Gateway.Tests.Dashboard;

/// <summary>The messages of the gateway at the start of the day, and their changes by operations.</summary>
internal sealed partial class LivelyDay
{
    private void Fill()
    {
        Fill(FakeManagement.Orders, 1204, 3 * 3600, number => number == 2
            ? ("""{"content-type":"text/html","customer":"<img src=x onerror=alert(1)>"}""",
                "<script>document.title='owned'</script><b>not bold</b>")
            : (HeadersOf(4000 + (number % 50), number % 7 == 0 ? "high" : "normal"), BodyOf(number, 4000 + (number % 50), number % 9)));
        Fill(QueueId.Outgoing("prices", "billing"), 38, 7200, number => ("", $"price {number}"));
        Fill(QueueId.Outgoing("telemetry", "warehouse"), 212, 4, number => ("", $"sample {number}"));
        Fill(QueueId.Outgoing("labels", "shipping-north"), 17, 900, number => ("", $"label {number}"));
        Fill(QueueId.Outgoing("archive", "archive"), 0, 1, _ => ("", ""));
        Fill(QueueId.Outgoing("audit", "head-office"), 61, 2400, number => ("", $"line {number}"));
        Fill(Invoices, 84, 1500, number => ("""{"kind":"invoice"}""", $"invoice {number}"));
        Fill(QueueId.Inbound("returns"), 3, 2, number => ("", $"return {number}"));
        AddLetters(QueueId.Outgoing("labels", "shipping-north"), DeadLetterReason.Expired, 12, "its expiry passed");
        AddLetters(Invoices, DeadLetterReason.Rejected, 5, "the total does not match its lines");
        AddLetters(Invoices, DeadLetterReason.TooManyDeliveries, 2, "delivered 10 times");
        AddLetters(FakeManagement.Orders, DeadLetterReason.RefusedByPeer, 1, "there is no queue orders2 at billing");
        _management.PausedPeers["head-office"] = new Pause(_start.AddMinutes(-38), "anna (dashboard)", "line is being moved");
        _management.Audit.Add(
            new AuditEntry(Guid.NewGuid(), _start.AddMinutes(-38), "anna (dashboard)", "pause", "head-office", 0, "line is being moved"));
        _management.Audit.Add(new AuditEntry(Guid.NewGuid(), _start.AddHours(-2), "local", "return", "invoices", 14, "consumer mended"));
        _management.Audit.Add(
            new AuditEntry(Guid.NewGuid(), _start.AddHours(-26), "jo", "purge", "telemetry@warehouse", 48_211, "old samples"));
        _management.Raise(new GatewayEvent(1, _start, "link", "billing", "down: Refused (connect to 10.0.4.17:7001 was refused)"));
    }

    private void Fill(QueueId queue, int count, double oldestSeconds, Func<long, (string Headers, string Body)> write)
    {
        var messages = _management.Queues[queue] = [];
        for (var number = 1; number <= count; number++)
        {
            var (headers, body) = write(number);
            var at = _start.AddSeconds(-oldestSeconds * (count - number + 1) / Math.Max(1, count));
            messages[number] = new StoredMessage(number, NewMessage(at, headers, body));
        }
    }

    private void AddLetters(QueueId queue, DeadLetterReason reason, int count, string text)
    {
        for (var i = 0; i < count; i++)
        {
            var at = _start.AddMinutes(-60 - i);
            AddLetter(queue, reason, NewMessage(at, "", $"letter {i}"), text);
        }
    }

    private void AddLetter(QueueId queue, DeadLetterReason reason, Message message, string text)
    {
        var number = FakeManagement.NextOf(_management.Letters);
        _management.Letters[number] = (
            new DeadLetter(number, queue, number, 1, message.Body.Length + 60, reason, message.EnqueuedUnixMs + 60_000, text),
            new StoredMessage(number, message));
    }

    /// <summary>All that it hits is moved at once, or half of it is.</summary>
    private OperationStatus Start(OperationStatus begun)
    {
        var request = begun.Request;
        var hit = _management.EntriesOf(request.Queue).Where(entry => request.Number is { } number
            ? entry.Number == number
            : FakeManagement.Matches(request.Filter, entry.Message, entry.Letter)).ToList();
        if (!EndsOperations) return begun with { Total = Math.Max(1, hit.Count), Scanned = hit.Count / 2, Changed = hit.Count / 2 };
        foreach (var (number, stored, letter) in hit) Move(request, number, stored.Message, letter);
        return begun with
        {
            Total = Math.Max(1, hit.Count),
            State = OperationState.Done,
            EndedAt = begun.StartedAt,
            Scanned = hit.Count,
            Changed = hit.Count
        };
    }

    private void Move(OperationRequest request, long number, Message message, DeadLetter? letter)
    {
        if (request.Queue is { } queue) _management.Queues[queue].Remove(number);
        else _management.Letters.Remove(number);
        if (request.Kind == OperationKind.DeadLetter) AddLetter(request.Queue!.Value, DeadLetterReason.Rejected, message, request.Why);
        if (request.Kind != OperationKind.Return) return;
        var messages = _management.Queues[letter!.Queue];
        var next = FakeManagement.NextOf(messages);
        messages[next] = new StoredMessage(next, message);
    }

    private static Message NewMessage(DateTimeOffset at, string headers, string body) => new()
    {
        Id = MessageId.New(at),
        EnqueuedUnixMs = at.ToUnixTimeMilliseconds(),
        Source = "plant-7",
        Headers = Encoding.UTF8.GetBytes(headers),
        Body = Encoding.UTF8.GetBytes(body),
    };

    private static string HeadersOf(long customer, string priority) =>
        $$"""{"content-type":"application/json","customer":"{{customer}}","priority":"{{priority}}"}""";

    private static string BodyOf(long number, long customer, long count) =>
        $$"""{"order":{{number}},"customer":{{customer}},"lines":[{"article":"bolt M8","count":{{count}}},"""
        + $$"""{"article":"nut M8","count":{{count}}}],"note":"Füße & Grüße"}""";
}
