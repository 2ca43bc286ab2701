using Gateway.Links.Causes;
using Gateway.Links.Protocol;
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

    /// <summary>Not only by numbers that cannot be the peer's: those may be in both histories.</summary>
    private static void ShouldBeForkedByGroup(LinkStatus link)
    {
        link.Cause.ShouldBe(LinkCause.StoreForked);
        link.Evidence.ShouldContain("which had sent what was stored up to group");
    }
}
