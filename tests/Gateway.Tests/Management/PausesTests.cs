using Gateway.Links.Causes;
using Gateway.Links.Protocol;
using Gateway.Management;
using Gateway.Store.Messages;
using Shouldly;
using Xunit;

namespace Gateway.Tests.Management;

public sealed class PausesTests
{
    private static readonly QueueId _there = QueueId.Outgoing("orders", "there");

    private readonly ManagementBench _bench = new();

    [Fact]
    public void PausedPeer_IsSentNothing_AndItsLinkSaysWhoPausedIt()
    {
        _bench.Welcome("there");

        _bench.Ask<bool>(answer => _bench.Management.PausePeer("there", "new disk", "ann", answer)).ShouldBeTrue();
        _bench.Enqueue("orders@there", "a");
        _bench.After(TimeSpan.FromMinutes(1));

        var status = _bench.Core.Outgoing["there"].Status;
        (status.State, status.Cause).ShouldBe((LinkState.Paused, LinkCause.PausedByOperator));
        status.Evidence.ShouldBe("paused by ann at 2030-01-01 00:00:00Z: new disk");
        _bench.TakeSent("there").ShouldBe("");
        _bench.Waiting(_there).ShouldBe("a");
        _bench.ReadState().Links.Single(link => link.Status.Peer == "there").Pause.ShouldBe(
            new Pause(new DateTimeOffset(2030, 1, 1, 0, 0, 0, TimeSpan.Zero), "ann", "new disk"));
    }

    [Fact]
    public void PausedPeer_StaysSoAcrossARestart_UntilItIsResumed()
    {
        _bench.Ask<bool>(answer => _bench.Management.PausePeer("there", "", "ann", answer));
        _bench.Enqueue("orders@there", "a");

        _bench.Restart();
        _bench.After(TimeSpan.FromMinutes(1));
        _bench.Core.Outgoing["there"].Status.State.ShouldBe(LinkState.Paused);
        _bench.Ask<bool>(answer => _bench.Management.ResumePeer("there", "bob", answer)).ShouldBeTrue();
        _bench.Core.Outgoing["there"].Status.State.ShouldBe(LinkState.Connecting);
        _bench.Welcome("there");

        _bench.TakeSent("there").ShouldBe("a");
        _bench.Restart();
        _bench.Core.Outgoing["there"].Status.State.ShouldBe(LinkState.Connecting);
    }

    [Fact]
    public void PausedQueue_SendsNothing_WhileOthersOfThePeerDo_AcrossARestartToo()
    {
        _bench.Welcome("there");
        _bench.Enqueue("orders@there", "a");
        _bench.Acknowledge("there", "orders", 1);
        _bench.Ask<bool>(answer => _bench.Management.PauseQueue(_there, "", "ann", answer)).ShouldBeTrue();
        _bench.TakeSent("there");

        _bench.Enqueue("orders@there", "b");
        _bench.Enqueue("bills@there", "c");
        _bench.TakeSent("there").ShouldBe("c");
        _bench.Restart();
        _bench.Welcome("there", ("orders", 1));
        _bench.TakeSent("there").ShouldBe("c");
        _bench.Ask<bool>(answer => _bench.Management.ResumeQueue(_there, "ann", answer)).ShouldBeTrue();
        _bench.Run();

        _bench.TakeSent("there").ShouldBe("b");
    }

    [Fact]
    public void PausedInboundQueue_HandsNothingOut_UntilItIsResumed()
    {
        var jobs = QueueId.Inbound("jobs");
        _bench.Enqueue("jobs@here", "a");
        _bench.Ask<bool>(answer => _bench.Management.PauseQueue(jobs, "", "ann", answer)).ShouldBeTrue();
        Received? received = null;
        _bench.Management.Receive("bob", "jobs", 1, null, TimeSpan.FromHours(1), answer => received = answer);

        _bench.After(TimeSpan.FromMinutes(1));
        received.ShouldBeNull();
        _bench.Ask<bool>(answer => _bench.Management.ResumeQueue(jobs, "ann", answer));
        _bench.After(TimeSpan.FromSeconds(1));

        ManagementBench.Text(received.ShouldNotBeNull().Messages.ShouldHaveSingleItem().Message.Body).ShouldBe("a");
    }

    [Fact]
    public void WhatIsNotThere_IsNotPaused()
    {
        _bench.Ask<bool>(answer => _bench.Management.PausePeer("nobody", "", "ann", answer)).ShouldBeFalse();
        _bench.Ask<bool>(answer => _bench.Management.PauseQueue(QueueId.Inbound("none"), "", "ann", answer)).ShouldBeFalse();
        _bench.Ask<bool>(answer => _bench.Management.RetryPeer("nobody", "ann", answer)).ShouldBeFalse();
        _bench.Management.Audit.ShouldBeEmpty();
    }

    [Fact]
    public void PausedTwice_IsResumedByOneWord()
    {
        _bench.Enqueue("orders@there", "a");
        _bench.Ask<bool>(answer => _bench.Management.PauseQueue(_there, "", "ann", answer));
        _bench.Ask<bool>(answer => _bench.Management.PauseQueue(_there, "again", "bob", answer));
        _bench.Ask<bool>(answer => _bench.Management.ResumeQueue(_there, "ann", answer));
        _bench.Ask<bool>(answer => _bench.Management.ResumeQueue(_there, "ann", answer));

        _bench.Welcome("there");

        _bench.TakeSent("there").ShouldBe("a");
    }

    /// <summary>It stood still for ever, and no pause was shown: the two resumptions under way counted as one.</summary>
    [Fact]
    public void AQueueThatIsPausedAndResumedAgain_BeforeTheFirstResumptionIsDurable_GoesOn()
    {
        var jobs = QueueId.Inbound("jobs");
        _bench.Enqueue("jobs@here", "a");
        _bench.Enqueue("orders@there", "b");
        _bench.Welcome("there");
        _bench.TakeSent("there");
        foreach (var queue in new[] { jobs, _there })
        {
            _bench.Ask<bool>(answer => _bench.Management.PauseQueue(queue, "", "ann", answer));
            _bench.Management.ResumeQueue(queue, "ann", _ => { });
            _bench.Management.PauseQueue(queue, "", "bob", _ => { });
            _bench.Management.ResumeQueue(queue, "bob", _ => { });
        }

        _bench.Run();

        Received? received = null;
        _bench.Management.Receive("cem", "jobs", 1, null, TimeSpan.FromHours(1), answer => received = answer);
        _bench.Run();
        ManagementBench.Text(received.ShouldNotBeNull().Messages.ShouldHaveSingleItem().Message.Body).ShouldBe("a");
        _bench.Enqueue("orders@there", "c");
        _bench.TakeSent("there").ShouldBe("c");
    }

    [Fact]
    public void AQueueThatIsPausedAgain_BeforeItsResumptionIsDurable_StaysPaused()
    {
        _bench.Enqueue("orders@there", "a");
        _bench.Ask<bool>(answer => _bench.Management.PauseQueue(_there, "", "ann", answer));
        _bench.Management.ResumeQueue(_there, "ann", _ => { });
        _bench.Management.PauseQueue(_there, "", "bob", _ => { });
        _bench.Run();
        _bench.Welcome("there");

        _bench.TakeSent("there").ShouldBe("");
        _bench.Ask<bool>(answer => _bench.Management.ResumeQueue(_there, "bob", answer));
        _bench.TakeSent("there").ShouldBe("a");
    }

    /// <summary>The link connected although the later word was to pause it.</summary>
    [Fact]
    public void APeerThatIsPausedAgain_BeforeItsResumptionIsDurable_StaysPaused()
    {
        _bench.Ask<bool>(answer => _bench.Management.PausePeer("there", "", "ann", answer));
        _bench.Management.ResumePeer("there", "ann", _ => { });
        _bench.Management.PausePeer("there", "not yet", "bob", _ => { });
        _bench.Run();
        _bench.After(TimeSpan.FromMinutes(1));

        var status = _bench.Core.Outgoing["there"].Status;
        (status.State, status.Cause).ShouldBe((LinkState.Paused, LinkCause.PausedByOperator));
        status.Evidence.ShouldContain("bob");
        _bench.Restart();
        _bench.Core.Outgoing["there"].Status.State.ShouldBe(LinkState.Paused);
        _bench.Ask<bool>(answer => _bench.Management.ResumePeer("there", "bob", answer));
        _bench.Core.Outgoing["there"].Status.State.ShouldBe(LinkState.Connecting);
    }

    /// <summary>As over HTTP, which is there before the store has told what is paused.</summary>
    [Fact]
    public void APeerThatIsResumed_BeforeTheStoreHasToldThatItIsPaused_IsNotPaused()
    {
        _bench.Ask<bool>(answer => _bench.Management.PausePeer("there", "", "ann", answer));

        _bench.Begin("there", "far");
        _bench.Management.ResumePeer("there", "bob", _ => { });
        _bench.Run();

        _bench.Core.Outgoing["there"].Status.State.ShouldBe(LinkState.Connecting);
        _bench.ReadState().Links.Single(link => link.Status.Peer == "there").Pause.ShouldBeNull();
    }
}
