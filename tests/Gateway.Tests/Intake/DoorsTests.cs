using System.Buffers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using CsCheck;
using Gateway.Client;
using Gateway.Client.Wire;
using Gateway.Http.Answers;
using Gateway.Http.Transfer;
using Gateway.Http.Views;
using Gateway.Links.Protocol;
using Gateway.Store;
using Gateway.Store.Commands;
using Gateway.Store.Messages;
using Gateway.Tests.Store;
using Gateway.Tests.Store.Disk;
using Gateway.Tests.Store.Repair;
using Shouldly;
using Xunit;

namespace Gateway.Tests.Intake;

/// <summary>Each message that one door lets in can pass all others and reach a consumer.</summary>
public sealed class DoorsTests
{
    public const int HeadersBytesMax = 300;

    private static readonly Gen<string> _text = Of(
        "", "a", "\0", "\n\"\\/", "\u007f\u0085\u2028", "\u202e", "\uE000\uFFFE", "😀😀😀", "\uFFFD", "größe", "\\ud800", "<&>'");

    /// <summary>Headers as an application may write them: with escapes or without, twice the same name, too many, no strings.</summary>
    private static readonly Gen<string> _headers = Gen.OneOf(
        Of("", "{}", "[]", "null", "{\"a\":1}", "{\"a\":\"x\",\"a\":\"y\"}", "{\"a\":\"\\ud800\"}", " {\"a\":\"b\"} ", "{\"a\":\"b\"},",
            "{"),
        Gen.Select(Gen.Select(_text, _text).Array[0, 70], Gen.Bool).Select((entries, escaped) => Json(entries, escaped)));

    internal static readonly Gen<EnqueueItem> Items = Gen.Select(
        Gen.OneOf(Of<Guid?>(null, Guid.Empty), Gen.Guid.Select(id => (Guid?)id)),
        _headers,
        Of(0L, 1L, 1_900_000_000_000, WireText.UnixMsMax),
        Gen.Byte.Array[0, 40],
        (id, headers, expires, body) =>
            new EnqueueItem(id is { } given ? new MessageId(given) : null, Encoding.UTF8.GetBytes(headers), expires, body));

    [Fact]
    public void AnItemThatTheIntakeTakes_PassesEveryOtherDoor()
    {
        var (taken, refused) = (0, 0);
        Items.Sample(item =>
        {
            var bench = new IntakeBench(new WireLimits { HeadersBytesMax = HeadersBytesMax }).Hello();
            bench.Enqueue("orders@there", item);
            if (bench.Take().Single() is Reply.Rejected)
            {
                Interlocked.Increment(ref refused);
                return;
            }

            Interlocked.Increment(ref taken);
            PassesEveryDoor(bench.Placed.Single().Message.Message);
        });

        taken.ShouldBeGreaterThan(0);
        refused.ShouldBeGreaterThan(0);
    }

    [Fact]
    public void AMessageThatALinkTakes_PassesEveryOtherDoor() => Items.Sample(item =>
    {
        if (item.Headers.Length > HeadersBytesMax) return;
        if (TryLink(MessageOf(item), out var arrived)) PassesEveryDoor(arrived);
    });

    [Fact]
    public void AMessageThatAnImportTakes_PassesEveryOtherDoor()
    {
        var (taken, refused) = (0, 0);
        Items.Sample(item =>
        {
            var bench = new IntakeBench(new WireLimits { HeadersBytesMax = HeadersBytesMax }).Hello();
            if (Imported(item) is { } read) bench.Enqueue("orders@there", read);
            if (bench.Take().SingleOrDefault() is not Reply.Accepted)
            {
                Interlocked.Increment(ref refused);
                return;
            }

            Interlocked.Increment(ref taken);
            PassesEveryDoor(bench.Placed.Single().Message.Message);
        });

        taken.ShouldBeGreaterThan(0);
        refused.ShouldBeGreaterThan(0);
    }

    /// <summary>An early version of the link took what no consumer can read: a repair makes a dead letter of it.</summary>
    [Fact]
    public void AMessageThatARepairLeavesInItsQueue_PassesEveryOtherDoor()
    {
        var disk = new SimulatedDisk();
        var stored = 0L;
        using (var blocks = StoreDamage.Blocks(disk))
        {
            var store = MessageStore.Open(blocks, new StoreSettings(), TestStore.FirstId);
            Items.Array[1, 8].Sample(
                items =>
                {
                    List<Message> messages = [.. items.Where(item => item.Headers.Length <= HeadersBytesMax).Select(MessageOf)];
                    if (messages.Count > 0) store.Execute([StoreCommands.Enqueue(StoreCommands.Orders, [.. messages])]);
                },
                iter: 40, threads: 1);
            // Some had an id that was given before.
            stored = store.State.Find(StoreCommands.Orders)!.Messages;
        }

        using var repaired = new RepairedStore(disk);

        var left = StoreCommands.Read(repaired.Store, StoreCommands.Orders);
        left.Count.ShouldBeGreaterThan(0);
        repaired.Report.DeadLetters.ShouldBeGreaterThan(0);
        ((long)left.Count + repaired.Report.DeadLetters).ShouldBe(stored);
        foreach (var message in left) PassesEveryDoor(message.Message);
    }

    internal static void PassesEveryDoor(Message message)
    {
        TryLink(message, out var arrived).ShouldBeTrue();
        ShouldBeSame(arrived, message);

        var delivery = new Reply.Delivery(RequestId.FromNumber(1), new DeliveryToken(1), new DeliveredMessage(
            message.Id, 1, message.Headers, message.EnqueuedUnixMs, message.ExpiresUnixMs, message.Source, message.Body));
        ReplyCodec.TryDecode(ReplyCodec.Encode(delivery).Select(frame => frame.ToArray()).ToArray(), out var reply, out _).ShouldBeTrue();
        HeadersJson.TryRead(((Reply.Delivery)reply).Message.Headers, out var headers).ShouldBeTrue();
        var view = JsonSerializer.SerializeToElement(DeliveryView.Of(delivery), HttpJson.Options);
        view.GetProperty("headers").EnumerateObject().ToDictionary(entry => entry.Name, entry => entry.Value.GetString()!)
            .ShouldBe(headers);

        var item = ExportedAndRead(message);
        item.Id.ShouldBe(message.Id);
        item.ExpiresUnixMs.ShouldBe(message.ExpiresUnixMs);
        item.Body.ToArray().ShouldBe(message.Body.ToArray());
        HeadersJson.TryRead(item.Headers, out var imported).ShouldBeTrue();
        imported.ShouldBe(headers);
        var bench = new IntakeBench(new WireLimits { HeadersBytesMax = HeadersBytesMax }).Hello();
        bench.Enqueue("archive@here", item);
        bench.Take().Single().ShouldBeOfType<Reply.Accepted>();
    }

    private static bool TryLink(Message message, out Message arrived)
    {
        var bytes = LinkCodec.Encode(new LinkFrame.Batch("orders", 0, [new NumberedMessage(1, message)]));
        var isTaken = LinkCodec.TryDecode(bytes, out var frame);
        arrived = isTaken ? ((LinkFrame.Batch)frame!).Messages[0].Message : message;
        return isTaken;
    }

    private static EnqueueItem ExportedAndRead(Message message)
    {
        var bytes = new ArrayBufferWriter<byte>();
        using var export = new ExportLines(bytes);
        export.Begin(Guid.NewGuid(), "here", "outgoing orders@there", 0, DateTimeOffset.UnixEpoch);
        export.Add(new StoredMessage(1, message));
        export.Finish();

        using var reader = new ImportReader(newIds: false);
        var items = Encoding.UTF8.GetString(bytes.WrittenSpan).TrimEnd('\n').Split('\n')
            .Select(line => reader.Read(Encoding.UTF8.GetBytes(line))).OfType<EnqueueItem>().ToList();
        reader.IsEnd.ShouldBeTrue();
        return items.Single();
    }

    /// <summary>The item as an import reads it that somebody has written, with right checksums; null if it is refused.</summary>
    private static EnqueueItem? Imported(EnqueueItem item)
    {
        var bytes = new ArrayBufferWriter<byte>();
        using var export = new ExportLines(bytes);
        export.Begin(Guid.NewGuid(), "here", "outgoing orders@there", 0, DateTimeOffset.UnixEpoch);
        export.Add(new StoredMessage(1, MessageOf(item) with { Headers = "{\"x\":\"\"}"u8.ToArray() }));
        var lines = Encoding.UTF8.GetString(bytes.WrittenSpan).Split('\n');
        var open = lines[1][..^77].Replace("{\"x\":\"\"}", Encoding.UTF8.GetString(item.Headers.Span), StringComparison.Ordinal);
        var sum = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(open)));
        using var reader = new ImportReader(newIds: false);
        try
        {
            reader.Read(Encoding.UTF8.GetBytes(lines[0]));
            return reader.Read(Encoding.UTF8.GetBytes($"{open},\"sha256\":\"{sum}\"}}"));
        }
        catch (ImportException)
        {
            return null;
        }
    }

    private static Message MessageOf(EnqueueItem item) => new()
    {
        Id = item.Id ?? default,
        EnqueuedUnixMs = item.ExpiresUnixMs,
        ExpiresUnixMs = item.ExpiresUnixMs,
        Source = "there",
        Headers = item.Headers,
        Body = item.Body,
    };

    private static void ShouldBeSame(Message message, Message expected)
    {
        (message.Id, message.EnqueuedUnixMs, message.ExpiresUnixMs, message.Source)
            .ShouldBe((expected.Id, expected.EnqueuedUnixMs, expected.ExpiresUnixMs, expected.Source));
        message.Headers.ToArray().ShouldBe(expected.Headers.ToArray());
        message.Body.ToArray().ShouldBe(expected.Body.ToArray());
    }

    private static Gen<T> Of<T>(params T[] values) => Gen.Int[0, values.Length - 1].Select(i => values[i]);

    private static string Json((string Name, string Text)[] entries, bool escaped) =>
        "{" + string.Join(',', entries.Select((entry, i) => $"{Quoted($"{i}{entry.Name}", escaped)}:{Quoted(entry.Text, escaped)}")) + "}";

    private static string Quoted(string text, bool escaped) => '"' + string.Concat(text.Select(character =>
        escaped || character is < ' ' or '"' or '\\' ? $"\\u{(int)character:X4}" : character.ToString())) + '"';
}
