using Gateway.Cli.Operator;
using Microsoft.Extensions.Time.Testing;
using Shouldly;
using Xunit;

namespace Gateway.Tests.Cli.Operator;

public sealed class ProgressTests
{
    private readonly TestTerminal _terminal = new();
    private readonly FakeTimeProvider _time = new();

    [Fact]
    public void On_a_screen_one_line_is_written_over_and_left_empty()
    {
        var progress = new Progress(_terminal.Terminal with { ErrorIsScreen = true, Time = _time });

        progress.Show("found 10");
        progress.Show("done");
        progress.Clear();

        _terminal.Error.ShouldBe("\rfound 10\rdone    \r    \r");
    }

    [Fact]
    public void Elsewhere_there_is_a_line_now_and_then()
    {
        var progress = new Progress(_terminal.Terminal with { Time = _time });

        progress.Show("found 1");
        _time.Advance(TimeSpan.FromSeconds(10));
        progress.Show("found 2");
        progress.Show("found 3");
        progress.Clear();

        _terminal.Error.ShouldBe("found 2\n");
    }
}
