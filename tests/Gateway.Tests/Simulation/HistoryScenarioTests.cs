using Gateway.Links.Causes;
using Gateway.Links.Protocol;
using Gateway.Store.Messages;
using Shouldly;
using Xunit;

namespace Gateway.Tests.Simulation;

/// <summary>Stories about stores that were copied, put back and used twice, in which messages once were lost.</summary>
public sealed class HistoryScenarioTests
{
    private static readonly TimeSpan _minute = TimeSpan.FromMinutes(1);

    private readonly Scenario _world = new(profile => profile with { HasCopies = true, HasClockJumps = true });

    /// <summary>The link took the peer's position in the lost history for an acknowledgement of messages with the same numbers.</summary>
    [Fact]
    public void AStorePutBack_ThatAcceptsBeforeItsLinkIsUp_LosesNothing()
    {
        _world.Send("a", "orders@b", 3);
        _world.PassSeconds(1);
        _world.Stop("a");
        var copy = _world.Copy("a");
        _world.Start("a");
        _world.PassUntilUp();
        _world.Send("a", "orders@b", 5);
        _world.PassSeconds(1);

        _world.Kill("b");
        _world.PutBack("a", copy);
        _world.PassSeconds(1);
        _world.Send("a", "orders@b", 7);
        _world.Start("b");
        _world.PassSeconds(3);

        _world.Link("a", "b").Cause.ShouldBe(LinkCause.StoreForked);
        _world.Finish();
    }

    /// <summary>
    /// The same, with a copy of a running store, and a further orderly run before the link is up: the peer knew which run had sent, and not
    /// how far that had come.
    /// </summary>
    [Fact]
    public void AStoreCopiedWhileRunning_PutBack_AndStoppedBeforeItSendsAny_LosesNothing()
    {
        _world.Send("a", "orders@b");
        _world.PassSeconds(1);
        var copy = _world.Copy("a");
        _world.Send("a", "orders@b", 3);
        _world.PassSeconds(1);

        _world.Cut("a", "b");
        _world.PutBack("a", copy);
        _world.PassSeconds(1);
        _world.Send("a", "orders@b", 3);
        _world.Stop("a");
        _world.Start("a");
        _world.Mend();
        _world.PassSeconds(3);

        ShouldBeForkedByGroup(_world.Link("a", "b"));
        _world.Finish();
    }

    /// <summary>
    /// In the lost history a message expired and a later one was sent. The copy, in which the earlier one still waits, took the peer's
    /// position above it for its acknowledgement.
    /// </summary>
    /// <param name="isLaterInCopy">
    /// The later one waits in the copy as well, so that it is the same on both sides: only the earlier one tells that they part.
    /// </param>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void AMessageThatExpiredOnlyInTheLostHistory_IsNotTakenForAcknowledged(bool isLaterInCopy)
    {
        _world.Send("a", "orders@b");
        _world.PassSeconds(1);
        _world.Cut("a", "b");
        // Messages sent on a connection are in doubt at its end, and do not expire.
        _world.PassSeconds(3);
        _world.Send("a", "orders@b", expiresIn: TimeSpan.FromSeconds(40));
        if (isLaterInCopy) _world.Send("a", "orders@b");
        _world.PassSeconds(0.1);
        var copy = _world.Copy("a");
        _world["a"].JumpClock(_minute);
        _world.PassSeconds(3);
        _world["a"].State.DeadLetters.Count().ShouldBe(1);
        _world["a"].JumpClock(-_minute);
        _world.Mend();
        _world.PassUntilUp();
        if (!isLaterInCopy) _world.Send("a", "orders@b", 2);
        _world.PassSeconds(1);
        _world["a"].State.Queues.Sum(queue => queue.Messages).ShouldBe(0);

        _world.PutBack("a", copy);
        _world.PassSeconds(3);

        ShouldBeForkedByGroup(_world.Link("a", "b"));
        _world["a"].State.Queues.Sum(queue => queue.Messages).ShouldBe(isLaterInCopy ? 2 : 1);
        _world.Finish();
    }

    /// <summary>The messages of the twin were acknowledged and gone, and both links were up.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void AStoreThatIsUsedTwice_LosesNothingOfEither(bool hasOthersName)
    {
        _world.Cut("a", "b");
        _world.Send("a", "orders@b", 5);
        _world.Stop("a");
        var copy = _world.Copy("a");
        _world.Start("a");
        _world.StartTwin("a", copy, hasOthersName);
        _world.PassSeconds(1);
        for (var i = 0; i < 3; i++)
        {
            _world.Send("a", "orders@b");
            _world.Send(SimulationProfile.CopyName, "orders@b");
        }

        _world.Mend();
        _world.PassSeconds(3);

        var links = new[] { _world.Link("a", "b"), _world.Link(SimulationProfile.CopyName, "b") };
        links.Count(link => link.State == LinkState.Up).ShouldBe(1);
        var refused = links.Single(link => link.State != LinkState.Up);
        refused.Cause.ShouldBe(hasOthersName ? LinkCause.StoreForked : LinkCause.StoreTwice);
        // Not only known from before: then one of them would have to be gone.
        refused.Evidence.ShouldContain("is connected");
        _world.Finish();
    }

    /// <summary>The sender saw the position fall, and said that there was nothing to do.</summary>
    [Fact]
    public void AReceiverThatIsPutBack_IsNamed_UntilSomebodyAcceptsIt()
    {
        _world.Send("a", "orders@b", 4);
        _world.PassSeconds(1);
        _world.Stop("b");
        var copy = _world.Copy("b");
        _world.Start("b");
        _world.PassUntilUp();
        _world.Send("a", "orders@b", 6);
        _world.PassSeconds(1);

        _world.PutBack("b", copy);
        _world.PassSeconds(3);
        _world.Link("a", "b").Cause.ShouldBe(LinkCause.PeerWentBack);
        _world.Send("a", "orders@b");
        _world.PassSeconds(3);

        _world.Link("a", "b").Cause.ShouldBe(LinkCause.PeerWentBack);
        _world.Finish();
    }

    /// <summary>Both are put back to the same moment, and agree: nobody needs to act.</summary>
    [Fact]
    public void BothStoresPutBackTogether_GoOn()
    {
        _world.Send("a", "orders@b", 3);
        _world.PassSeconds(1);
        _world.Stop("a");
        _world.Stop("b");
        var (ofA, ofB) = (_world.Copy("a"), _world.Copy("b"));
        _world.Start("a");
        _world.Start("b");
        _world.PassUntilUp();
        _world.Send("a", "orders@b", 2);
        _world.PassSeconds(1);

        _world.Kill("b");
        _world.PutBack("a", ofA);
        _world.PutBack("b", ofB);
        _world.PassUntilUp();

        _world.Send("a", "orders@b", 2);
        _world.Finish();
    }

    /// <summary>
    /// The receiver has lost a message, and its sender is put back twice: to before it had the message, and to after it was acknowledged.
    /// That the message waited at the sender in between, in a history that is gone, does not bring it back: the link says that it is lost.
    /// </summary>
    [Fact]
    public void AMessageThatIsLost_IsToldByASenderThatIsPutBackToWhenItHadLeft()
    {
        var ofB = CopyStopped("b");
        var before = _world.Copy("a");
        _world.Send("a", "orders@b");
        _world.PassSeconds(1);
        var after = CopyStopped("a");
        _world.PutBack("b", ofB);
        _world.Cut("a", "b");
        _world.PutBack("a", before);
        _world.SendAgain("a", "orders@b", 1);

        _world.PutBack("a", after);
        _world.Mend();
        _world.PassSeconds(3);

        _world.Link("a", "b").Cause.ShouldBe(LinkCause.PeerWentBack);
        _world.Link("a", "b").Evidence.ShouldContain("the numbers 1 to 1 of queue orders");
        _world.Finish();
    }

    /// <summary>The same, with a copy of the sender in which the message still waits: it goes out again, and nothing is lost.</summary>
    [Fact]
    public void AMessageThatIsLost_ComesAgainFromASenderThatIsPutBackToWhenItWaited()
    {
        var ofB = CopyStopped("b");
        _world.Cut("a", "b");
        _world.PassSeconds(3);
        _world.Send("a", "orders@b");
        var waiting = _world.Copy("a");
        _world.Mend();
        _world.PassUntilUp();
        _world["b"].State.Queues.Sum(queue => queue.Messages).ShouldBe(1);
        _world.PutBack("b", ofB);

        _world.PutBack("a", waiting);
        _world.PassSeconds(3);

        _world["a"].State.Queues.Sum(queue => queue.Messages).ShouldBe(1);
        _world.Finish();
    }

    /// <summary>
    /// The link comes up as an operator has accepted it, and says at once that this gateway's store does not answer. Its history has both.
    /// </summary>
    [Fact]
    public void AnAcceptedPeer_IsInTheHistory_ThoughTheLinkHasSomethingElseToSay()
    {
        var ofB = CopyStopped("b");
        _world.Send("a", "orders@b");
        _world.PassSeconds(1);
        _world.PutBack("b", ofB);
        _world.PassSeconds(3);
        _world.Link("a", "b").Cause.ShouldBe(LinkCause.PeerWentBack);
        _world["a"].SlowFlush(_minute);
        _world["a"].Manage(management => management.ReadQueue(QueueId.Outgoing("orders", "b"), _ => { }));
        _world.PassSeconds(3);

        _world["a"].Manage(management => management.AcceptPeer("b", "ann", _ => { }));
        _world.PassSeconds(1);

        var link = _world.Link("a", "b");
        (link.State, link.Cause).ShouldBe((LinkState.Up, LinkCause.LocalDisk));
        _world["a"].Outgoing["b"].History.Changes.ShouldContain(change => change.Evidence.Contains("accepted by ann"));
        _world.Finish();
    }

    /// <summary>A later run of the peer has said hello, as far as anybody can tell: that it is gone already does not show.</summary>
    [Fact]
    public void AHelloOfATwinUnderOneName_ThatComesWhenItIsGone_IsThatOfARestartedPeer()
    {
        _world.PassSeconds(1);
        var copy = _world.Copy("a");
        _world.Network.HoldNext("a", "b", Hold.Requests);
        _world.StartTwin("a", copy, hasOthersName: true);
        _world.PassSeconds(0.3);
        _world.Kill(SimulationProfile.CopyName);
        _world.Network.Release("a", "b");

        _world.CausesWithin("b", "a", 0.5).ShouldContain(LinkCause.PeerRestarted);

        _world.Finish();
    }

    /// <summary>A copy of a store whose gateway is stopped for it; both links are up again then.</summary>
    private StoreCopy CopyStopped(string label)
    {
        _world.Stop(label);
        var copy = _world.Copy(label);
        _world.Start(label);
        _world.PassUntilUp();
        return copy;
    }

    /// <summary>Not only by numbers that cannot be the peer's: those may be in both histories.</summary>
    private static void ShouldBeForkedByGroup(LinkStatus link)
    {
        link.Cause.ShouldBe(LinkCause.StoreForked);
        link.Evidence.ShouldContain("which had sent what was stored up to group");
    }
}
