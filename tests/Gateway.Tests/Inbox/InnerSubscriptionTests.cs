using System.Text;
using Gateway.Client.Wire;
using Gateway.Inbox;
using Gateway.Store.Messages;
using Shouldly;
using Xunit;

namespace Gateway.Tests.Inbox;

/// <summary>An inlet or outlet empties a queue: alone, in order, and for as long as it takes.</summary>
public sealed class InnerSubscriptionTests : IInnerConsumer
{
    private readonly InboxBench _bench = new(new InboxSettings { DeliveriesMax = 2 });
    private readonly List<InnerDelivery> _got = [];
    private Action<InnerDelivery> _on = _ => { };

    void IInnerConsumer.OnDelivered(InnerDelivery delivery)
    {
        _got.Add(delivery);
        _on(delivery);
    }

    [Fact]
    public void Messages_ComeInOrder_AsFarAsTheCreditGoes()
    {
        _bench.Enqueue("q", "a", "b");
        var inner = Open();
        _got.ShouldBeEmpty();

        Give(inner, 1);
        Bodies().ShouldBe("a1");
        _bench.Enqueue("q", "c");
        Give(inner, 5);

        Bodies().ShouldBe("a1 b1 c1");
    }

    [Fact]
    public void AMessage_IsHeldWithoutEnd()
    {
        _bench.Enqueue("q", "a");
        Give(Open(), 5);
        _bench.Inboxes.NextTick.ShouldBe(TimeSpan.MaxValue);

        _bench.After(TimeSpan.FromDays(30));

        Bodies().ShouldBe("a1");
    }

    [Fact]
    public void AMessageDeliveredTooOften_IsHandedOutAllTheSame()
    {
        _bench.Enqueue("q", "a");
        for (var run = 0; run < 5; run++)
        {
            var inner = Open();
            Give(inner, 1);
            inner.Record(_got[^1], () => { });
            _bench.Store.Run();
            _bench.Restart();
        }

        Bodies().ShouldBe("a1 a2 a3 a4 a5");
    }

    [Fact]
    public void Close_PutsBackWhatIsNotSettled_Uncounted_AndInItsPlace()
    {
        _bench.Enqueue("q", "a", "b", "c");
        var inner = Open();
        Give(inner, 2);
        var isDone = false;
        inner.Complete(_got[0], () => isDone = true);
        inner.Close();
        _bench.Store.Run();
        isDone.ShouldBeTrue();

        _bench.Receive("1", "q", credit: 5);

        _bench.TakeBodies("1").ShouldBe("b1 c1");
    }

    [Fact]
    public void Release_BringsAMessageAgain_BeforeNewerOnes()
    {
        _bench.Enqueue("q", "a", "b", "c");
        var inner = Open();
        Give(inner, 2);

        inner.Release(_got[0]);
        Give(inner, 2);

        Bodies().ShouldBe("a1 b1 a1 c1");
    }

    [Fact]
    public void ARecordedDelivery_Counts_ThoughItIsReleased_OrTheProcessKilled()
    {
        _bench.Enqueue("q", "a", "b");
        var inner = Open();
        Give(inner, 2);
        var isRecorded = false;
        inner.Record(_got[0], () => isRecorded = true);
        _bench.Store.Run();
        isRecorded.ShouldBeTrue();
        inner.Close();
        _bench.Store.Run();
        _bench.Restart();

        Give(Open(), 2);

        Bodies().ShouldBe("a1 b1 a2 b1");
    }

    [Fact]
    public void Reject_MakesADeadLetterWithItsReason()
    {
        _bench.Enqueue("q", "a");
        var inner = Open();
        Give(inner, 1);

        inner.Reject(_got[0], DeadLetterReason.Rejected, "why", () => { });
        _bench.Store.Run();

        var letter = _bench.Store.State.DeadLetters.ShouldHaveSingleItem();
        (letter.Reason, letter.Text).ShouldBe((DeadLetterReason.Rejected, "why"));
        _bench.Waiting("q").ShouldBe(0);
    }

    [Fact]
    public void CreditAndCompletion_WithinADelivery_GoOnInOrder_HoweverManyWait()
    {
        const int Many = 20_000;
        _bench.Enqueue("q", [.. Enumerable.Range(0, Many).Select(i => $"{i}")]);
        var inner = Open();
        _on = delivery =>
        {
            inner.GiveCredit(1);
            inner.Complete(delivery, () => { });
        };

        Give(inner, 1);

        _got.Select(BodyOf).ShouldBe(Enumerable.Range(0, Many).Select(i => $"{i}"));
        _bench.Waiting("q").ShouldBe(0);
    }

    [Fact]
    public void Applications_AreRejected_AndThoseThatReceivedBefore_Told_UntilItCloses()
    {
        _bench.Receive("1", "q", credit: 5);
        var inner = Open();
        _bench.Take("1").ShouldHaveSingleItem().ShouldBeOfType<Reply.Rejected>().Text.ShouldContain("outlet x");
        _bench.Receive("2", "q", credit: 5);
        _bench.Take("2").ShouldHaveSingleItem().ShouldBeOfType<Reply.Rejected>().Code.ShouldBe(WireCode.NotAuthorised);
        _bench.Enqueue("q", "a");
        _bench.TakeBodies("1").ShouldBe("");

        inner.Close();
        _bench.Receive("2", "q", credit: 5);

        _bench.TakeBodies("2").ShouldBe("a1");
    }

    [Fact]
    public void AnOperatorsPause_HoldsIt()
    {
        _bench.Enqueue("q", "a");
        _bench.Inboxes.Hold(QueueId.Inbound("q"));
        Give(Open(), 5);
        _got.ShouldBeEmpty();

        _bench.Inboxes.LetGo(QueueId.Inbound("q"));
        _bench.Store.Run();

        Bodies().ShouldBe("a1");
    }

    private InnerSubscription Open() => _bench.Inboxes.OpenInner("q", "outlet x", this);

    private void Give(InnerSubscription inner, int credit)
    {
        inner.GiveCredit(credit);
        _bench.Store.Run();
    }

    private string Bodies() => string.Join(" ", _got.Select(delivery => $"{BodyOf(delivery)}{delivery.Deliveries}"));

    private static string BodyOf(InnerDelivery delivery) => Encoding.UTF8.GetString(delivery.Stored.Message.Body.Span);
}
