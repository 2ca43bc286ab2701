using Gateway.Management;
using Gateway.Store.Messages;
using Shouldly;
using Xunit;

namespace Gateway.Tests.Management;

/// <summary>The backlog of a dead destination is given to the others of a route.</summary>
public sealed class RedirectToRouteTests
{
    private static readonly QueueId _there = QueueId.Outgoing("orders", "there");
    private static readonly QueueId _far = QueueId.Outgoing("orders", "far");
    private static readonly QueueId _dead = QueueId.Outgoing("dead", "there");
    private static readonly QueueId _kept = QueueId.Inbound("kept");

    private readonly ManagementBench _bench = new();

    [Fact]
    public void ToAPartition_EachKeyGoesWhereItsNewMessagesGo_InOrder()
    {
        for (var part = 0; part < 2; part++)
        {
            for (var key = 0; key < 10; key++)
                _bench.EnqueueWith("dead@there", Key(key), [.. Enumerable.Range(3 * part, 3).Select(number => $"{key}-{number}")]);
        }


        var done = Redirect("parted");
        for (var key = 0; key < 10; key++) _bench.EnqueueWith("parted", Key(key), $"{key}-new");

        (done.State, done.Changed, done.Left, done.Text).ShouldBe((OperationState.Done, 60, 0, ""));
        _bench.Waiting(_dead).ShouldBe("");
        var queues = new[] { _there, _far, _kept }.Select(queue => _bench.Waiting(queue).Split(' ')).ToList();
        queues.ShouldAllBe(queue => queue.Length > 1);
        for (var key = 0; key < 10; key++)
        {
            var found = queues.Where(queue => queue.Contains($"{key}-new")).ShouldHaveSingleItem().Where(body => body[0] == '0' + key);
            found.ShouldBe([.. Enumerable.Range(0, 6).Select(number => $"{key}-{number}"), $"{key}-new"]);
        }
    }

    [Fact]
    public void ToAPartition_WhatHasNoKey_StaysAndIsCounted()
    {
        _bench.Enqueue("dead@there", "none");
        _bench.EnqueueWith("dead@there", Key(1), "one");

        var done = Redirect("parted");

        (done.State, done.Changed).ShouldBe((OperationState.Done, 1));
        done.Text.ShouldBe("1 stay: they have no key, by which the route chooses; redirect them to one queue@peer");
        _bench.Waiting(_dead).ShouldBe("none");
    }

    [Fact]
    public void ToAShare_GoesToTheOneThatIsUp()
    {
        _bench.Welcome("far");
        _bench.Enqueue("dead@there", "a", "b", "c");

        Redirect("shared").Changed.ShouldBe(3);

        _bench.TakeSent("far").ShouldBe("a b c");
        _bench.Waiting(_there).ShouldBe("");
    }

    [Fact]
    public void ToAShare_OfWhichNoneIsUp_IsSpreadEvenly()
    {
        _bench.Enqueue("dead@there", "a", "b", "c", "d");

        Redirect("shared").Changed.ShouldBe(4);

        _bench.Waiting(_there).ShouldBe("a c");
        _bench.Waiting(_far).ShouldBe("b d");
    }

    /// <summary>New messages of its keys would still go to the dead one, and not after those that were moved.</summary>
    [Theory]
    [InlineData("parted")]
    [InlineData("shared")]
    public void ToARouteThatStillHasTheQueue_IsRefusedWithAdvice(string route)
    {
        _bench.EnqueueWith("orders@there", Key(1), "a");

        _bench.Refused(new OperationRequest { Kind = OperationKind.Redirect, Queue = _there, Destination = route })
            .ShouldBe($"outgoing orders@there is a destination of the route '{route}', and new messages still go there; remove it from the "
                + "route, and then redirect what is in it");
    }

    [Fact]
    public void Share_LeavesOutAQueueThatIsPaused_AndAPeerThatIsDown()
    {
        _bench.Welcome("there");
        _bench.Welcome("far");
        _bench.Enqueue("shared", "a", "b");
        (_bench.TakeSent("there"), _bench.TakeSent("far")).ShouldBe(("a", "b"));
        _bench.Acknowledge("there", "orders", 1);
        _bench.Acknowledge("far", "orders", 1);
        _bench.Ask<bool>(answer => _bench.Management.PauseQueue(_there, "", "ann", answer)).ShouldBeTrue();
        _bench.Enqueue("shared", "c", "d", "e");
        _bench.TakeSent("far").ShouldBe("c d e");
        _bench.Ask<bool>(answer => _bench.Management.ResumeQueue(_there, "ann", answer)).ShouldBeTrue();
        _bench.Lose("far");

        _bench.Enqueue("shared", "f", "g");

        _bench.TakeSent("there").ShouldBe("f g");
    }

    private OperationStatus Redirect(string route) =>
        _bench.Operate(new OperationRequest { Kind = OperationKind.Redirect, Queue = _dead, Destination = route });

    private static string Key(int number) => $$"""{"key":"{{number}}"}""";
}
