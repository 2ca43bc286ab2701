using System.Text;
using Gateway.Client.Wire;
using Gateway.Management;
using Gateway.Store.Browsing;
using Gateway.Store.Messages;
using Shouldly;
using Xunit;

namespace Gateway.Tests.Management;

public sealed class OperationsTests
{
    private static readonly QueueId _there = QueueId.Outgoing("orders", "there");
    private static readonly QueueId _far = QueueId.Outgoing("orders", "far");
    private static readonly QueueId _jobs = QueueId.Inbound("jobs");

    private readonly ManagementBench _bench = new();

    [Fact]
    public void Purge_OfAll_EmptiesTheQueueAndNoOther()
    {
        _bench.Welcome("there");
        _bench.Lose("there");
        _bench.Enqueue("copies", "a", "b", "c");

        var done = _bench.Operate(new OperationRequest { Kind = OperationKind.Purge, Queue = _there });

        (done.State, done.Changed, done.Left, done.Scanned, done.Total).ShouldBe((OperationState.Done, 3, 0, 3, 3));
        _bench.Waiting(_there).ShouldBe("");
        _bench.Waiting(_far).ShouldBe("a b c");
    }

    [Fact]
    public void Purge_WithAFilter_TakesWhatMatches()
    {
        _bench.Welcome("there");
        _bench.Lose("there");
        _bench.EnqueueWith("orders@there", """{"kind":"x"}""", "a");
        _bench.EnqueueWith("orders@there", """{"kind":"y"}""", "b");
        _bench.EnqueueWith("orders@there", """{"kind":"x"}""", "c");

        var done = _bench.Operate(new OperationRequest
        {
            Kind = OperationKind.Purge,
            Queue = _there,
            Filter = new BrowseFilter { Headers = new Dictionary<string, string> { ["kind"] = "x" } }
        });

        done.Changed.ShouldBe(2);
        _bench.Waiting(_there).ShouldBe("b");
        _bench.Management.Audit[0].Text.ShouldBe("Done; of those with header kind=x");
    }

    [Fact]
    public void Purge_OfOne_TakesThatOne()
    {
        _bench.Welcome("there");
        _bench.Lose("there");
        _bench.Enqueue("orders@there", "a", "b", "c");

        _bench.Operate(new OperationRequest { Kind = OperationKind.Purge, Queue = _there, Number = 2 }).Changed.ShouldBe(1);

        _bench.Waiting(_there).ShouldBe("a c");
        _bench.Operate(new OperationRequest { Kind = OperationKind.Purge, Queue = _there, Number = 2 }).Changed.ShouldBe(0);
        _bench.Waiting(_there).ShouldBe("a c");
    }

    [Fact]
    public void Purge_OfManyPages_TakesThemAll()
    {
        _bench.Welcome("there");
        _bench.Lose("there");
        for (var i = 0; i < 25; i++) _bench.Enqueue("orders@there", [.. Enumerable.Range(0, 100).Select(number => $"{number}")]);

        var done = _bench.Operate(new OperationRequest { Kind = OperationKind.Purge, Queue = _there });

        done.Changed.ShouldBe(2500);
        _bench.Waiting(_there).ShouldBe("");
    }

    [Fact]
    public void Purge_OfWhatWasSent_LeavesItUnlessAsked()
    {
        _bench.Welcome("there");
        _bench.Enqueue("orders@there", "a", "b");
        _bench.TakeSent("there").ShouldBe("a b");
        _bench.Lose("there");
        _bench.Enqueue("orders@there", "c");

        var careful = _bench.Operate(new OperationRequest { Kind = OperationKind.Purge, Queue = _there });
        _bench.Waiting(_there).ShouldBe("a b");
        var bold = _bench.Operate(new OperationRequest { Kind = OperationKind.Purge, Queue = _there, IncludeInDoubt = true });

        (careful.Changed, careful.Left, careful.Text)
            .ShouldBe((1, 2, "2 were left alone: a consumer holds them, or they were sent and may have arrived"));
        (bold.Changed, bold.Left).ShouldBe((2, 0));
        _bench.Waiting(_there).ShouldBe("");
    }

    [Theory]
    [InlineData(nameof(OperationKind.Purge))]
    [InlineData(nameof(OperationKind.DeadLetter))]
    [InlineData(nameof(OperationKind.Redirect))]
    public void WhatIsTakenOutThoughItWasPerhapsSent_IsNoted_AndWhatWasNotSentIsNot(string act)
    {
        var kind = Enum.Parse<OperationKind>(act);
        _bench.Welcome("there");
        _bench.Enqueue("orders@there", "a", "b");
        _bench.TakeSent("there").ShouldBe("a b");
        _bench.Lose("there");
        _bench.Enqueue("orders@there", "c");
        var request = new OperationRequest
        { Kind = kind, Queue = _there, IncludeInDoubt = true, Destination = kind == OperationKind.Redirect ? "orders@far" : "" };

        _bench.Operate(request with { Number = 3 }).Changed.ShouldBe(1);
        _bench.State.Marks.Keys.ShouldNotContain("taken/orders@there");
        _bench.Operate(request with { Number = 2 }).Changed.ShouldBe(1);
        _bench.State.Marks["taken/orders@there"].ShouldBe("2");
        _bench.Operate(request with { Number = 1 }).Changed.ShouldBe(1);
    }

    [Fact]
    public void Purge_OnALinkThatIsUp_NothingThatWasTakenIsSent_AndWhatFollowsIs()
    {
        _bench.Enqueue("orders@there", "a");
        _bench.Welcome("there");
        _bench.TakeSent("there");
        _bench.Ask<bool>(answer => _bench.Management.PauseQueue(_there, "", "ann", answer)).ShouldBeTrue();
        _bench.Enqueue("orders@there", "b", "c");

        _bench.Operate(new OperationRequest { Kind = OperationKind.Purge, Queue = _there, Number = 2 });
        _bench.TakeSent("there").ShouldBe("");
        _bench.Ask<bool>(answer => _bench.Management.ResumeQueue(_there, "ann", answer)).ShouldBeTrue();
        _bench.Enqueue("orders@there", "d");

        _bench.TakeSent("there").ShouldBe("c d");
        _bench.Acknowledge("there", "orders", 4);
        _bench.Waiting(_there).ShouldBe("");
    }

    [Fact]
    public void Operation_WhileItRuns_HoldsItsQueue_AndIsTheOnlyOneThere()
    {
        _bench.Welcome("there");
        _bench.Lose("there");
        _bench.Enqueue("orders@there", "a");
        (OperationStatus? Status, string Fault) begun = default;
        _bench.Management.Start(new OperationRequest { Kind = OperationKind.Purge, Queue = _there }, "ann", answer => begun = answer);
        _bench.RunOnce();
        var running = begun.Status.ShouldNotBeNull();
        running.State.ShouldBe(OperationState.Running);

        _bench.Refused(new OperationRequest { Kind = OperationKind.Purge, Queue = _there })
            .ShouldContain($"operation {running.Id} runs on");
        _bench.Welcome("there");
        _bench.Enqueue("orders@there", "b");

        _bench.TakeSent("there").ShouldBe("b");
    }

    [Fact]
    public void DeadLetter_KeepsTheMessageWithTheReason()
    {
        _bench.Welcome("there");
        _bench.Lose("there");
        _bench.Enqueue("orders@there", "a", "b");

        _bench.Operate(new OperationRequest { Kind = OperationKind.DeadLetter, Queue = _there, Number = 1, Why = "poison" });

        _bench.Waiting(_there).ShouldBe("b");
        var letter = _bench.State.DeadLetters.ShouldHaveSingleItem();
        (letter.Reason, letter.Text, letter.Queue).ShouldBe((DeadLetterReason.Operator, "poison (ann)", _there));
    }

    [Fact]
    public void Redirect_MovesToAnotherPeer_InOrder_AndTheySendIt()
    {
        _bench.Welcome("there");
        _bench.Lose("there");
        _bench.Welcome("far");
        _bench.Enqueue("orders@there", "a", "b", "c");

        var done = _bench.Operate(new OperationRequest { Kind = OperationKind.Redirect, Queue = _there, Destination = "orders@far" });

        done.Changed.ShouldBe(3);
        _bench.Waiting(_there).ShouldBe("");
        _bench.TakeSent("far").ShouldBe("a b c");
    }

    [Fact]
    public void Redirect_ToAQueueOfThisGateway_GoesToItsConsumers()
    {
        _bench.Welcome("there");
        _bench.Lose("there");
        _bench.Enqueue("orders@there", "a");

        _bench.Operate(new OperationRequest { Kind = OperationKind.Redirect, Queue = _there, Destination = "jobs@here" });

        Receive("jobs", 10).ShouldBe("a");
    }

    [Fact]
    public void Redirect_WithoutRoom_StopsAndSaysSo_AndNothingIsLost()
    {
        var bench = new ManagementBench(new StoreSettings { QueueMessagesMax = 2 });
        bench.Welcome("there");
        bench.Lose("there");
        bench.Enqueue("orders@far", "x");
        bench.Enqueue("orders@there", "a", "b");

        var done = bench.Operate(new OperationRequest { Kind = OperationKind.Redirect, Queue = _there, Destination = "orders@far" });

        (done.State, done.Changed).ShouldBe((OperationState.Failed, 1));
        done.Text.ShouldContain("there is no room");
        bench.Waiting(_there).ShouldBe("b");
        bench.Waiting(_far).ShouldBe("x a");
    }

    [Fact]
    public void Return_BringsDeadLettersBack_WithoutAnExpiryThatHasPassed()
    {
        _bench.Enqueue("jobs@here", "a", "b");
        _bench.Operate(new OperationRequest { Kind = OperationKind.DeadLetter, Queue = _jobs });
        Receive("jobs", 10).ShouldBe("");

        var done = _bench.Operate(new OperationRequest { Kind = OperationKind.Return });

        done.Changed.ShouldBe(2);
        _bench.State.DeadLetters.ShouldBeEmpty();
        Receive("jobs", 10).ShouldBe("a b");
    }

    [Fact]
    public void Return_WithAFilter_TakesOneGroup()
    {
        _bench.Welcome("there");
        _bench.Lose("there");
        _bench.Enqueue("jobs@here", "a");
        _bench.Enqueue("orders@there", "b");
        _bench.Operate(new OperationRequest { Kind = OperationKind.DeadLetter, Queue = _jobs });
        _bench.Operate(new OperationRequest { Kind = OperationKind.DeadLetter, Queue = _there });

        _bench.Operate(
            new OperationRequest { Kind = OperationKind.Return, Filter = new BrowseFilter { FromQueue = _there } }).Changed.ShouldBe(1);

        _bench.Waiting(_there).ShouldBe("b");
        _bench.Waiting(null).ShouldBe("a");
    }

    [Fact]
    public void Inbound_WhatAConsumerHas_IsLeft_AndWhatItGaveBackIsTaken()
    {
        _bench.Enqueue("jobs@here", "a", "b", "c");
        var held = Deliveries("jobs", 2);
        Settle(new Request.Abandon(RequestId.FromNumber(1), held[1].Token, TimeSpan.FromMinutes(1)));

        var done = _bench.Operate(new OperationRequest { Kind = OperationKind.Purge, Queue = _jobs });
        _bench.After(TimeSpan.FromMinutes(2));

        (done.Changed, done.Left).ShouldBe((2, 1));
        Receive("jobs", 10).ShouldBe("a");
    }

    [Fact]
    public void Requests_ThatMakeNoSense_AreRefusedWithAReason()
    {
        _bench.Enqueue("orders@there", "a");

        _bench.Refused(new OperationRequest { Kind = OperationKind.Purge, Queue = QueueId.Outgoing("none", "there") })
            .ShouldBe("there is no outgoing none@there");
        _bench.Refused(new OperationRequest { Kind = OperationKind.Redirect, Queue = _there }).ShouldContain("destination");
        _bench.Refused(new OperationRequest { Kind = OperationKind.Redirect, Queue = _there, Destination = "orders@there" })
            .ShouldContain("already");
        _bench.Refused(new OperationRequest { Kind = OperationKind.Redirect, Queue = _there, Destination = "copies" })
            .ShouldContain("route");
        _bench.Refused(new OperationRequest { Kind = OperationKind.Redirect, Queue = _there, Destination = "x@nobody" })
            .ShouldContain("nobody");
        _bench.Refused(new OperationRequest { Kind = OperationKind.DeadLetter }).ShouldContain("name one");
        _bench.Refused(new OperationRequest { Kind = OperationKind.Return, Queue = _there }).ShouldContain("dead letters");
    }

    [Fact]
    public void Cancel_EndsAfterThePieceThatItIsAt()
    {
        _bench.Welcome("there");
        _bench.Lose("there");
        for (var i = 0; i < 25; i++) _bench.Enqueue("orders@there", [.. Enumerable.Range(0, 100).Select(number => $"{number}")]);
        OperationStatus? begun = null;
        _bench.Management.Start(new OperationRequest { Kind = OperationKind.Purge, Queue = _there }, "ann",
            answer => begun = answer.Status);
        while (_bench.State.Find(_there)!.Messages == 2500) _bench.RunOnce();

        _bench.Management.Cancel(begun.ShouldNotBeNull().Id, "bob").ShouldBeTrue();
        _bench.Run();

        var ended = _bench.Management.FindOperation(begun.Id).ShouldNotBeNull();
        ended.State.ShouldBe(OperationState.Cancelled);
        ended.Changed.ShouldBeInRange(1, 2499);
        _bench.State.Find(_there)!.Messages.ShouldBe(2500 - ended.Changed);
        _bench.Management.Cancel(begun.Id, "bob").ShouldBeFalse();
    }

    [Fact]
    public void Audit_SaysWhoDidWhatToHowMany_AndSurvivesARestart()
    {
        _bench.Welcome("there");
        _bench.Lose("there");
        _bench.Enqueue("orders@there", "a", "b");
        _bench.Operate(new OperationRequest { Kind = OperationKind.Purge, Queue = _there, Why = "test data" }, "ann");

        _bench.Restart();

        var entry = _bench.Management.Audit.ShouldHaveSingleItem();
        (entry.Who, entry.Action, entry.About, entry.Messages, entry.Text)
            .ShouldBe(("ann", "purge", "outgoing orders@there", 2, "Done; all; test data"));
    }

    private string Receive(string queue, int max) =>
        string.Join(' ', Deliveries(queue, max).Select(delivery => Encoding.UTF8.GetString(delivery.Message.Body.Span)));

    private IReadOnlyList<Reply.Delivery> Deliveries(string queue, int max)
    {
        Received? received = null;
        _bench.Management.Receive("bob", queue, max, null, TimeSpan.FromSeconds(1), answer => received = answer);
        _bench.Run();
        if (received is null) _bench.After(TimeSpan.FromSeconds(1));
        return received.ShouldNotBeNull().Messages;
    }

    private void Settle(Request settle) =>
        _bench.Ask<Reply>(answer => _bench.Management.Settle("bob", settle, answer)).ShouldBeOfType<Reply.Settled>();
}
