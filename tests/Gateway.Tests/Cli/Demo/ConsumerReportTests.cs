using Gateway.Cli.Demo.Processes;
using Shouldly;
using Xunit;

namespace Gateway.Tests.Cli.Demo;

public sealed class ConsumerReportTests
{
    [Fact]
    public void Every_kind_of_report_is_read_as_it_was_written()
    {
        Read(ConsumerReport.Received(7, 42, 3, intact: true))
            .ShouldBe(new ConsumerReport(ConsumerReportKind.Received, 7, 42, 3, Intact: true));
        Read(ConsumerReport.Received(7, -1, 1, intact: false))
            .ShouldBe(new ConsumerReport(ConsumerReportKind.Received, 7, -1, 1, Intact: false));
        Read(ConsumerReport.Completed(7)).ShouldBe(new ConsumerReport(ConsumerReportKind.Completed, 7));
        Read(ConsumerReport.InDoubt(7, "LeaseLost")).ShouldBe(new ConsumerReport(ConsumerReportKind.InDoubt, 7));
    }

    [Theory]
    [InlineData("")]
    [InlineData("R")]
    [InlineData("R 7 42 3")]
    [InlineData("R 7 42 3 o")]
    [InlineData("C")]
    [InlineData("C x")]
    [InlineData("X 7")]
    public void Anything_that_is_not_a_whole_report_is_not_one(string line) => ConsumerReport.TryParse(line, out _).ShouldBeFalse();

    private static ConsumerReport Read(string line)
    {
        line.ShouldEndWith("\n");
        ConsumerReport.TryParse(line.TrimEnd('\n'), out var report).ShouldBeTrue();
        return report;
    }
}
