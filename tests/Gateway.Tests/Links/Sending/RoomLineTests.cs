using Gateway.Links.Protocol;
using Gateway.Store.Commands;
using Gateway.Store.Messages;
using Shouldly;
using Xunit;

namespace Gateway.Tests.Links.Sending;

/// <summary>Queues for which the peer lacks room that they share stand in a line.</summary>
public sealed class RoomLineTests
{
    private readonly LinkBench _bench = new();

    public RoomLineTests() => _bench.Up();

    [Fact]
    public void RefusedTogether_OneAsksForAll_AndWithEachThatIsTakenOneMore()
    {
        var names = Enumerable.Range(0, 8).Select(number => $"reply-{number}").ToArray();
        Refuse(names);

        Wait(99);
        Sent().ShouldBeEmpty();
        Wait(1);
        Sent().ShouldBe(["reply-0"]);
        Wait(5000);
        Sent().ShouldBeEmpty();

        Ack("reply-0");
        Sent().ShouldBe(["reply-1", "reply-2"]);
        Ack("reply-1");
        Sent().ShouldBe(["reply-3", "reply-4"]);
        Ack("reply-2");
        Sent().ShouldBe(["reply-5", "reply-6"]);
        _bench.Link.Status.Cause.ShouldBe(LinkCause.PeerRefuses);
        Ack("reply-3");
        Sent().ShouldBe(["reply-7"]);
        foreach (var number in Enumerable.Range(4, 4)) Ack($"reply-{number}");
        _bench.Link.Status.Cause.ShouldBe(LinkCause.None);
    }

    [Fact]
    public void RefusedAgain_KeepsItsPlace_AndAsksMoreAndMoreSeldom()
    {
        Refuse("first", "second");

        foreach (var wait in new[] { 100, 200, 400, 800, 1000, 1000 })
        {
            Wait(wait - 1);
            Sent().ShouldBeEmpty();
            Wait(1);
            Sent().ShouldBe(["first"]);
            Full("first");
        }

        Wait(1000);
        Sent().ShouldBe(["first"]);
        Ack("first");
        Sent().ShouldBe(["second"]);
    }

    [Fact]
    public void QueueThatBegins_GoesBehindThoseThatWait()
    {
        Refuse("first", "second");
        _bench.Enqueue("third", "3");
        Sent().ShouldBeEmpty();

        Wait(100);
        Sent().ShouldBe(["first"]);
        Ack("first");
        _bench.Store.Run();
        var sent = _bench.TakeSent().Cast<LinkFrame.Batch>().ToList();
        sent.Select(batch => batch.Queue).ShouldBe(["second", "third"]);
        sent.Select(batch => batch.Opens).ShouldBe([false, true]);
    }

    [Fact]
    public void QueueThatHasRoom_GoesOn()
    {
        _bench.Enqueue("orders", "1");
        Ack("orders");
        Sent().ShouldBe(["orders"]);
        Refuse("first", "second");
        _bench.Enqueue("orders", "2");

        Sent().ShouldBe(["orders"]);
    }

    [Fact]
    public void FirstInLine_WithNothingLeft_LetsTheNextAsk()
    {
        Refuse("first", "second");
        _bench.Store.Submit(new CompleteCommand(QueueId.Outgoing("first", "there"), 1, () => { }));
        _bench.Store.Run();

        Wait(100);
        _bench.Store.Run();
        Sent().ShouldBe(["second"]);
    }

    [Fact]
    public void FirstInLine_HeldByAnOperator_LetsTheNextAsk_AndSendsWhenItIsLetGo()
    {
        Refuse("first", "second");
        _bench.Link.Hold(QueueId.Outgoing("first", "there"));

        Wait(100);
        Sent().ShouldBe(["second"]);
        _bench.Link.LetGo(QueueId.Outgoing("first", "there"));
        Sent().ShouldBe(["first"]);
    }

    [Fact]
    public void NextConnection_BeginsWithoutALine()
    {
        Refuse("first", "second");
        _bench.Link.OnLost(LinkCause.ResetByPeer, "cut");
        Wait(60_000);
        _bench.Up();
        _bench.Store.Run();

        Sent().ShouldBe(["first", "second"]);
    }

    private void Refuse(params string[] queues)
    {
        foreach (var queue in queues) _bench.Enqueue(queue, "body");
        Sent().ShouldBe(queues);
        foreach (var queue in queues) Full(queue);
        _bench.Store.Run();
    }

    private void Full(string queue) => _bench.Link.OnFrame(new LinkFrame.Full(queue, 0, 100, "the store is full") { IsShared = true });

    private void Ack(string queue) => _bench.Link.OnFrame(new LinkFrame.Ack(queue, 1));

    private void Wait(int ms) => _bench.After(TimeSpan.FromMilliseconds(ms));

    /// <summary>The queues of which a batch was sent since this was last asked; what was to be read is read.</summary>
    private List<string> Sent()
    {
        _bench.Store.Run();
        return [.. _bench.TakeSent().OfType<LinkFrame.Batch>().Select(batch => batch.Queue)];
    }
}
