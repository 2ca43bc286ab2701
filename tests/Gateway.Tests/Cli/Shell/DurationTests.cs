using Gateway.Cli.Shell;
using Shouldly;
using Xunit;

namespace Gateway.Tests.Cli.Shell;

public sealed class DurationTests
{
    [Theory]
    [InlineData("500ms", 0.5)]
    [InlineData("30s", 30)]
    [InlineData("1.5s", 1.5)]
    [InlineData("5m", 300)]
    [InlineData("2h", 7_200)]
    [InlineData("7d", 604_800)]
    [InlineData("00:00:30", 30)]
    [InlineData("0s", 0)]
    public void A_number_with_a_unit_or_a_time_is_read(string text, double seconds)
    {
        Duration.TryParse(text, out var duration).ShouldBeTrue();
        duration.ShouldBe(TimeSpan.FromSeconds(seconds));
    }

    [Theory]
    [InlineData("")]
    [InlineData("30")]
    [InlineData("s")]
    [InlineData("-5s")]
    [InlineData("-00:00:01")]
    [InlineData("5 weeks")]
    [InlineData("1e300d")]
    [InlineData("99999999999d")]
    public void Anything_else_is_refused(string text) => Duration.TryParse(text, out _).ShouldBeFalse();

    [Theory]
    [InlineData(500, "500ms")]
    [InlineData(5_000, "5s")]
    [InlineData(90_000, "90s")]
    [InlineData(120_000, "2m")]
    [InlineData(604_800_000, "7d")]
    [InlineData(0, "0ms")]
    public void A_time_is_written_as_it_is_typed(double ms, string text)
    {
        Duration.Text(TimeSpan.FromMilliseconds(ms)).ShouldBe(text);
        Duration.TryParse(text, out var read).ShouldBeTrue();
        read.TotalMilliseconds.ShouldBe(ms);
    }
}
