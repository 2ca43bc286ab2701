using Gateway.Transport;
using Microsoft.Extensions.Time.Testing;
using Shouldly;
using Xunit;

namespace Gateway.Tests.Transport;

public sealed class LoopTurnsTests
{
    private readonly FakeTimeProvider _time = new();
    private readonly LoopTurns _turns;

    public LoopTurnsTests() => _turns = new LoopTurns(_time);

    [Fact]
    public void TheLongestTurnOfLate_IsRemembered_AndForgottenInTime()
    {
        Turn(300);
        Turn(20);
        _turns.LongestOfLate.TotalMilliseconds.ShouldBe(300);

        _time.Advance(TimeSpan.FromMinutes(1));
        Turn(20);
        _turns.LongestOfLate.TotalMilliseconds.ShouldBe(300);

        _time.Advance(TimeSpan.FromMinutes(2));
        _turns.LongestOfLate.TotalMilliseconds.ShouldBe(0);
    }

    [Fact]
    public void ATurnWithinATurn_IsPartOfIt()
    {
        _turns.Begin();
        Turn(7);
        Turn(7);
        _turns.IsOver.ShouldBeTrue();
        _turns.End();

        _turns.LongestOfLate.TotalMilliseconds.ShouldBe(14);
    }

    [Fact]
    public void AQueue_WhoseTurnIsOver_LetsTheTimerComeBeforeItGoesOn()
    {
        var order = new List<string>();
        var queue = new LoopQueue();
        queue.Post(() =>
        {
            order.Add("long");
            _time.Advance(LoopTurns.LengthMax);
        });
        queue.Post(() => order.Add("rest"));

        queue.Drain(action => action(), _turns);
        order.ShouldBe(["long"]);
        queue.Drain(action => action(), _turns);

        order.ShouldBe(["long", "rest"]);
        _turns.LongestOfLate.ShouldBe(LoopTurns.LengthMax);
    }

    private void Turn(int ms)
    {
        _turns.Begin();
        _time.Advance(TimeSpan.FromMilliseconds(ms));
        _turns.End();
    }
}
