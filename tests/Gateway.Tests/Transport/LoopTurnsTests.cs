using Gateway.Transport;
using Microsoft.Extensions.Time.Testing;
using NetMQ;
using Shouldly;
using Xunit;

namespace Gateway.Tests.Transport;

public sealed class LoopTurnsTests
{
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(30);

    private readonly FakeTimeProvider _time = new();
    private readonly LoopTurns _turns;

    public LoopTurnsTests() => _turns = new LoopTurns(_time);

    [Fact]
    public void TheLongestTurn_IsRemembered_AndThatOfLateForgotten()
    {
        Turn(300);
        Turn(20);
        (_turns.Longest.TotalMilliseconds, _turns.LongestOfLate.TotalMilliseconds).ShouldBe((300, 300));

        _time.Advance(TimeSpan.FromMinutes(1));
        Turn(20);
        _turns.LongestOfLate.TotalMilliseconds.ShouldBe(300);

        _time.Advance(TimeSpan.FromMinutes(2));
        (_turns.Longest.TotalMilliseconds, _turns.LongestOfLate.TotalMilliseconds).ShouldBe((300, 0));
    }

    [Fact]
    public void ATurnWithinATurn_IsPartOfIt()
    {
        _turns.Begin();
        Turn(7);
        Turn(7);
        _turns.IsOver.ShouldBeTrue();
        _turns.End();

        _turns.Longest.TotalMilliseconds.ShouldBe(14);
    }

    [Fact]
    public void AQueue_WhoseTurnIsOver_LetsTheOthersComeBeforeItGoesOn()
    {
        var order = new List<string>();
        using var poller = new NetMQPoller();
        using var other = new LoopQueue(action => action(), _turns);
        using var queue = new LoopQueue(action => action(), _turns);
        poller.Add(other.Pollable);
        poller.Add(queue.Pollable);
        queue.Post(() =>
        {
            order.Add("long");
            other.Post(() => order.Add("other"));
            _time.Advance(LoopTurns.LengthMax);
        });
        queue.Post(() => order.Add("rest"));
        queue.Post(poller.Stop);

        var timer = new NetMQTimer(_patience);
        timer.Elapsed += (_, _) => poller.Stop();
        poller.Add(timer);
        poller.Run();

        order.ShouldBe(["long", "other", "rest"]);
        _turns.Longest.ShouldBe(LoopTurns.LengthMax);
    }

    private void Turn(int ms)
    {
        _turns.Begin();
        _time.Advance(TimeSpan.FromMilliseconds(ms));
        _turns.End();
    }
}
