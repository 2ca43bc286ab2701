using Gateway.Cli;
using Shouldly;
using Xunit;

namespace Gateway.Tests.Cli.Shell;

/// <summary>The time that a signal leaves a verb.</summary>
public sealed class StopLimitTests
{
    [Fact]
    public void OnlyTheGateway_HasNoLimitOverAllOfItsStop()
    {
        var unlimited = CommandLine.Create(new TestTerminal().Terminal).Subcommands.Where(
            verb => CommandLine.PatienceAtStop(verb) == Timeout.InfiniteTimeSpan);

        unlimited.Select(verb => verb.Name).ShouldBe(["run"]);
    }
}
