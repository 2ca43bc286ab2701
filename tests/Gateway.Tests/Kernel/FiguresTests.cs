using System.Globalization;
using Shouldly;
using Xunit;

namespace Gateway.Tests.Kernel;

public sealed class FiguresTests
{
    private static readonly DateTimeOffset _now = new(2030, 5, 4, 12, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData(0, "0 B")]
    [InlineData(999, "999 B")]
    [InlineData(1500, "1.5 kB")]
    [InlineData(84_600_000_000, "84.6 GB")]
    [InlineData(long.MaxValue, "9223372 TB")]
    [InlineData(-1, "unknown")]
    public void Sizes_HaveTheUnitThatFits(long bytes, string text) => Figures.Bytes(bytes).ShouldBe(text);

    [Theory]
    [InlineData(-5, "0 s")]
    [InlineData(0, "0 s")]
    [InlineData(0.02, "20 ms")]
    [InlineData(0.25, "0.25 s")]
    [InlineData(4.5, "4.5 s")]
    [InlineData(87, "87 s")]
    [InlineData(119, "119 s")]
    [InlineData(120, "2 min")]
    [InlineData(7200, "2 h")]
    [InlineData(7260, "2 h 1 min")]
    [InlineData(172_800, "2 d")]
    [InlineData(180_000, "2 d 2 h")]
    public void Spans_HaveTheirLargestUnits(double seconds, string text)
    {
        Figures.Span(TimeSpan.FromSeconds(seconds)).ShouldBe(text);
        Figures.Span((double?)seconds).ShouldBe(text);
    }

    [Theory]
    [InlineData(5, 5, "number 5")]
    [InlineData(5, 8, "numbers 5 to 8")]
    public void Numbers_AreSingularForOne(long first, long last, string text) => Figures.Numbers(first, last).ShouldBe(text);

    [Fact]
    public void ASpan_OfNothing_IsEmpty() => Figures.Span(null).ShouldBe("");

    [Fact]
    public void ASpan_OfAnyLength_CanBeTold() => Figures.Span(double.MaxValue).ShouldContain(" d");

    [Fact]
    public void Times_CarryTheirZone()
    {
        var elsewhere = new DateTimeOffset(2030, 5, 4, 12, 0, 0, TimeSpan.FromHours(2));

        Figures.Time(elsewhere).ShouldBe("2030-05-04 10:00:00Z");
        Figures.Time(elsewhere.ToUnixTimeMilliseconds()).ShouldBe("2030-05-04 10:00:00Z");
        Figures.Precise(elsewhere.ToUnixTimeMilliseconds()).ShouldBe("2030-05-04T10:00:00.000Z");
    }

    [Theory]
    [InlineData(long.MinValue)]
    [InlineData(long.MaxValue)]
    public void ATime_FromABrokenClock_IsNoFault(long unixMs)
    {
        Figures.Time(unixMs).ShouldBe("out of range");
        Figures.Age(unixMs, _now).ShouldBe("out of range");
        Figures.Precise(unixMs).ShouldBe(unixMs.ToString(CultureInfo.InvariantCulture));
    }

    [Theory]
    [InlineData(0.04, "0/s")]
    [InlineData(2.25, "2.3/s")]
    [InlineData(18_504.7, "18,504/s")]
    public void Rates_AreShort(double perSecond, string text) => Figures.Rate(perSecond).ShouldBe(text);

    [Theory]
    [InlineData(0, "0 queues")]
    [InlineData(1, "1 queue")]
    [InlineData(2000, "2,000 queues")]
    public void Counts_AgreeWithTheirNoun(long count, string text) => Figures.Counted(count, "queue").ShouldBe(text);

    [Fact]
    public void Counts_TakeAnIrregularPlural() => Figures.Counted(3, "entry", "entries").ShouldBe("3 entries");

    [Theory]
    [InlineData(1, "once")]
    [InlineData(2, "twice")]
    [InlineData(57, "57 times")]
    public void Times_AreWords(long count, string text) => Figures.Times(count).ShouldBe(text);

    [Theory]
    [InlineData("", "")]
    [InlineData("nothing heard for 5 s", "Nothing heard for 5 s.")]
    [InlineData("head-office.invalid:7001: no address", "head-office.invalid:7001: no address.")]
    [InlineData("orders@billing is paused", "orders@billing is paused.")]
    [InlineData("python3 (pid 4711) was replaced", "python3 (pid 4711) was replaced.")]
    [InlineData("who knows?", "Who knows?")]
    public void ASentence_BeginsAndEndsLikeOne_AndKeepsNames(string clause, string text) => Figures.Sentence(clause).ShouldBe(text);

    [Theory]
    [InlineData(0, "nothing waits")]
    [InlineData(1, "1 message waits")]
    [InlineData(120_000, "120,000 messages wait")]
    public void Waiting_IsAClause(long messages, string text) => Figures.Waiting(messages).ShouldBe(text);
}
