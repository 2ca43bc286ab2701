using Gateway.Transport;
using Microsoft.Extensions.Time.Testing;
using Shouldly;
using Xunit;

namespace Gateway.Tests.Transport;

public sealed class ConnectionRoundsTests : IDisposable
{
    private static readonly TimeSpan _round = TimeSpan.FromSeconds(1);

    private readonly FakeTimeProvider _time = new();
    private readonly ConnectionRounds _rounds;

    public ConnectionRoundsTests() => _rounds =
        new ConnectionRounds(new ConnectionPatience(TimeSpan.FromMinutes(1), TimeSpan.FromMinutes(1)), _time);

    [Fact]
    public void EachRound_LooksAtAll()
    {
        var (first, second) = (0, 0);
        using var one = _rounds.Join(() => first++);
        using var other = _rounds.Join(() => second++);

        _time.Advance(_round);
        _time.Advance(_round);

        (first, second).ShouldBe((2, 2));
    }

    [Fact]
    public void WhoHasLeft_IsNotLookedAt_AndTheOthersAre()
    {
        var (left, stays) = (0, 0);
        var place = _rounds.Join(() => left++);
        using var other = _rounds.Join(() => stays++);
        _time.Advance(_round);

        place.Dispose();
        _time.Advance(_round);

        (left, stays).ShouldBe((1, 2));
    }

    [Fact]
    public void AfterAPauseWithoutSplices_TheRoundsGoOn()
    {
        _rounds.Join(() => { }).Dispose();
        _time.Advance(10 * _round);
        var looks = 0;
        using var place = _rounds.Join(() => looks++);

        _time.Advance(_round);

        looks.ShouldBe(1);
    }

    [Fact]
    public void ShortPatience_IsLookedAtMoreOften()
    {
        using var rounds = new ConnectionRounds(
            new ConnectionPatience(TimeSpan.FromMinutes(1), TimeSpan.FromMinutes(1)) { Heartbeat = TimeSpan.FromSeconds(2) }, _time);
        var looks = 0;
        using var place = rounds.Join(() => looks++);

        _time.Advance(TimeSpan.FromSeconds(0.5));

        looks.ShouldBe(1);
    }

    public void Dispose() => _rounds.Dispose();
}
