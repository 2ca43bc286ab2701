using Gateway.Cli.Shell;
using Shouldly;
using Xunit;

namespace Gateway.Tests.Cli.Shell;

public sealed class FiguresTests
{
    [Theory]
    [InlineData(0, "0 B")]
    [InlineData(999, "999 B")]
    [InlineData(1500, "1.5 kB")]
    [InlineData(long.MaxValue, "9223372 TB")]
    public void Sizes_have_the_unit_that_fits(long bytes, string text) => Figures.Size(bytes).ShouldBe(text);

    [Theory]
    [InlineData(null, "")]
    [InlineData(0.25, "0.3s")]
    [InlineData(90.0, "1m 30s")]
    [InlineData(7260.0, "2h 1m")]
    [InlineData(180_000.0, "2d 2h")]
    public void Ages_have_their_two_largest_units(double? seconds, string text) => Figures.Age(seconds).ShouldBe(text);

    [Fact]
    public void An_age_of_any_length_can_be_told() => Figures.Age(double.MaxValue).ShouldEndWith("h");

    [Theory]
    [InlineData("plain", "plain")]
    [InlineData("a\u001b[31mb\r\nc\u0085", "a·[31mb··c·")]
    [InlineData(null, "")]
    public void Foreign_words_do_not_steer_the_terminal(string? text, string plain) => Figures.Plain(text).ShouldBe(plain);
}
