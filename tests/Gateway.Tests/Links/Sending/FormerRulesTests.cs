using System.Text;
using Gateway.Client;
using Gateway.Links;
using Gateway.Links.Protocol;
using Gateway.Store.Commands;
using Gateway.Store.Messages;
using Shouldly;
using Xunit;

namespace Gateway.Tests.Links.Sending;

/// <summary>
/// Messages that an earlier build has accepted and no peer takes: each is a dead letter here, with the reason, and no wall for those behind
/// it.
/// </summary>
public sealed class FormerRulesTests
{
    private static readonly QueueId _orders = QueueId.Outgoing("orders", "there");

    private readonly StoreBench _store = new();

    public static TheoryData<string, string> Faults => new()
    {
        { "headers", "the headers are not JSON" },
        { "twice", "there are two headers 'a'" },
        { "id", "the message id is all zeros" },
        { "source", "the source is not the name of a gateway" },
    };

    [Theory]
    [MemberData(nameof(Faults))]
    public void AMessageOfAnEarlierRun_ThatNoPeerTakes_IsADeadLetter_AndThoseBehindItAreSent(string fault, string text)
    {
        Store(Message(1, fault), Message(2));
        var bench = new LinkBench(_store);
        bench.Link.AddKnownQueue(_orders, lastNumber: 2, sent: null);

        bench.Up(null, ("orders", 0));
        _store.Run();

        var dead = _store.State.DeadLetters.ShouldHaveSingleItem();
        (dead.Reason, dead.MessageNumber).ShouldBe((DeadLetterReason.RefusedByPeer, 1));
        dead.Text.ShouldStartWith("no gateway takes it as it is: ");
        dead.Text.ShouldContain(text);
        var batch = bench.TakeSent().OfType<LinkFrame.Batch>().ShouldHaveSingleItem();
        batch.Messages.ShouldHaveSingleItem().Number.ShouldBe(2);
        LinkCodec.TryDecode(LinkCodec.Encode(batch), out _).ShouldBeTrue();
    }

    [Fact]
    public void ADeadLetterOfAnEarlierBuild_ThatIsReturned_IsADeadLetterAgain()
    {
        var bench = new LinkBench(_store);
        bench.Up();
        Store(bench.Link, Message(1, "headers") with { EnqueuedUnixMs = bench.Clock.NowUnixMs - 1 }, Message(2));
        _store.Run();

        _store.State.DeadLetters.ShouldHaveSingleItem().Text.ShouldContain("not JSON");
        bench.TakeSent().OfType<LinkFrame.Batch>().ShouldHaveSingleItem().Messages.ShouldHaveSingleItem().Number.ShouldBe(2);
    }

    private static Message Message(int id, string fault = "") => new()
    {
        Id = new MessageId(fault == "id" ? Guid.Empty : new Guid(id, 0, 0, new byte[8])),
        EnqueuedUnixMs = 1_000,
        Source = fault == "source" ? "no name" : "here",
        Headers = Encoding.UTF8.GetBytes(fault switch
        {
            "headers" => "a=b",
            "twice" => """{"a":"1","a":"2"}""",
            _ => "",
        }),
        Body = Encoding.UTF8.GetBytes($"{id}"),
    };

    private void Store(params Message[] messages) => Store(link: null, messages);

    private void Store(OutgoingLink? link, params Message[] messages)
    {
        _store.Submit(new EnqueueCommand([_orders], [.. messages.Select(message => new IncomingMessage(message, 0))], 0, done =>
        {
            foreach (var (id, stored) in done.Placed) link?.OnStored(id, stored);
            link?.SendStored();
        }));
        _store.Run();
    }
}
