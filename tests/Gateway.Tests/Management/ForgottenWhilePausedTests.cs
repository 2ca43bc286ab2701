using Gateway.Links.Protocol;
using Gateway.Store.Messages;
using Shouldly;
using Xunit;

namespace Gateway.Tests.Management;

/// <summary>The store forgets an empty queue at the moment in which somebody pauses it.</summary>
public sealed class ForgottenWhilePausedTests
{
    private static readonly QueueId _there = QueueId.Outgoing("orders", "there");

    private readonly ManagementBench _bench = new(new StoreSettings { EmptyQueuesKept = 0 });

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Queue_ThatIsPausedAndForgotten_CanBeResumed_BeforeItHoldsAMessageAgain(bool isRestarted)
    {
        PauseWhatIsForgotten();
        if (isRestarted)
        {
            _bench.Restart();
            _bench.Welcome("there");
        }

        _bench.Ask<bool>(answer => _bench.Management.ResumeQueue(_there, "ann", answer)).ShouldBeTrue();
        _bench.Run();
        _bench.Enqueue("orders@there", "b");

        _bench.TakeSent("there").ShouldBe("b");
    }

    [Fact]
    public void Queue_ThatIsPausedAndForgotten_IsPausedWhenItComesAgain()
    {
        PauseWhatIsForgotten();
        _bench.Enqueue("orders@there", "b");

        _bench.TakeSent("there").ShouldBe("");
        _bench.Ask<bool>(answer => _bench.Management.ResumeQueue(_there, "ann", answer)).ShouldBeTrue();
        _bench.Run();
        _bench.TakeSent("there").ShouldBe("b");
    }

    /// <summary>The queue is found; its last message is gone, and it is forgotten, before the pause is kept.</summary>
    private void PauseWhatIsForgotten()
    {
        _bench.Welcome("there");
        _bench.Enqueue("orders@there", "a");
        var isPaused = false;
        _bench.Management.PauseQueue(_there, "", "ann", answer => isPaused = answer);
        _bench.ExecuteAhead();
        _bench.Core.Outgoing["there"].OnFrame(new LinkFrame.Ack("orders", 1));
        _bench.ExecuteAhead();
        _bench.State.Find(_there).ShouldBeNull();
        _bench.Run();
        _bench.TakeSent("there");
        isPaused.ShouldBeTrue();
    }
}
