using Gateway.Transport.Dialing;
using Shouldly;
using Xunit;

namespace Gateway.Tests.Transport.Dialing;

public sealed class InnerFlowTests
{
    private static readonly long _patience = InnerFlow.Patience.Ticks;

    private readonly InnerFlow _flow = new();
    private long _now = 1;

    [Fact]
    public void FramesForThePeer_ThatDoNotLeaveTheSocket_AreDead_OnlyAfterThePatience()
    {
        _flow.OnGiven();

        IsDead().ShouldBeFalse();
        IsDead(after: _patience).ShouldBeFalse();
        IsDead(after: 1).ShouldBeTrue();
        _flow.LeftOutward.ShouldBe(1);
        _flow.LeftInward.ShouldBe(0);
    }

    [Fact]
    public void FramesOfThePeer_ThatTheThreadDoesNotTake_AreDead_ThoughMoreOfThemArrive()
    {
        for (var frames = 1; frames <= 6; frames++)
        {
            _flow.OnPassed(frames);
            IsDead(after: frames == 1 ? 0 : _patience / 5).ShouldBeFalse();
        }

        IsDead(after: _patience / 5).ShouldBeTrue();
        _flow.LeftInward.ShouldBe(6);
    }

    [Fact]
    public void AFlow_InWhichSomeFramesMove_IsAlive_HoweverManyWait()
    {
        for (var round = 1; round <= 20; round++)
        {
            for (var i = 0; i < 10; i++) _flow.OnGiven();
            _flow.OnPassed(round * 10);
            _flow.OnCarried(round);
            _flow.OnTaken(1);
            IsDead(after: _patience).ShouldBeFalse();
        }
    }

    [Fact]
    public void FramesThatWait_ForThePeerToRead_OrForTheLoop_AreNotDead()
    {
        _flow.OnGiven();
        IsDead();
        _flow.OnWriting(true);
        IsDead(after: 10 * _patience).ShouldBeFalse();
        _flow.OnWriting(false);
        IsDead(after: 10 * _patience, isHeldUp: true).ShouldBeFalse();

        IsDead(after: _patience).ShouldBeFalse();
        IsDead(after: 1).ShouldBeTrue();
    }

    [Fact]
    public void AFlow_OfWhichFramesWereDroppedOnPurpose_IsNotJudged()
    {
        _flow.OnGiven();
        IsDead();

        _flow.OnDropped();

        IsDead(after: 10 * _patience).ShouldBeFalse();
    }

    private bool IsDead(long after = 0, bool isHeldUp = false) => _flow.IsDead(_now += after, isHeldUp);
}
