using CsCheck;
using Gateway.Links.Protocol;
using Shouldly;
using Xunit;

namespace Gateway.Tests.Links.Protocol;

public sealed class SentRunsTests
{
    private readonly SentRuns _runs = new();

    [Fact]
    public void TimesOf_CountsHowOftenEachNumberWasSent()
    {
        Send(0, 10);
        Send(3, 8);
        Send(3, 12);

        new[] { 3L, 4, 8, 9, 10, 11, 12, 13 }.Select(_runs.TimesOf).ShouldBe([1, 3, 3, 2, 2, 1, 1, 0]);
    }

    [Fact]
    public void Begin_WithoutSending_CountsNothing()
    {
        _runs.Begin(5);
        _runs.Begin(5);

        _runs.TimesOf(6).ShouldBe(0);
    }

    [Fact]
    public void TheSameAgainAndAgain_IsCountedExactly()
    {
        for (var i = 0; i < 10_000; i++) Send(5, 20);

        _runs.TimesOf(20).ShouldBe(10_000);
    }

    [Fact]
    public void EverMoreAtTheEnd_IsExactAtTheHead()
    {
        for (var i = 1; i <= 1000; i++) Send(5, 20 + i);

        _runs.TimesOf(6).ShouldBe(1000);
        _runs.TimesOf(20 + 1000).ShouldBe(1);
    }

    /// <summary>Compared with a count for each number, in as many runs as are kept.</summary>
    [Fact]
    public void AsFarAsRunsAreKept_EachNumberThatIsLeftIsCountedExactly() =>
        Gen.Select(Gen.Int[0, 4], Gen.Int[0, 12], Gen.Int[0, 3]).Array[0, SentRuns.Max].Sample(steps =>
        {
            var (runs, counts, gone, sent) = (new SentRuns(), new int[1000], 0, 0);
            foreach (var (back, length, acknowledged) in steps)
            {
                var after = Math.Max(gone, sent - back);
                runs.Begin(after);
                if (length > 0) runs.Send(after + length);
                for (var number = after + 1; number <= after + length; number++) counts[number]++;
                sent = after + length;
                gone = Math.Min(sent, gone + acknowledged);
                runs.Forget(gone);
            }

            for (var number = gone + 1; number < counts.Length; number++) runs.TimesOf(number).ShouldBe(counts[number]);
        });

    private void Send(long after, long upTo)
    {
        _runs.Begin(after);
        _runs.Send(upTo);
    }
}
