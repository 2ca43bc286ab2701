using Gateway.Cli.Demo.Processes;
using Shouldly;
using Xunit;

namespace Gateway.Tests.Crash;

/// <summary>
/// Log lines that strangers cause in a running gateway. The test waits for ten seconds of the clock and does next to nothing, so it may run
/// beside other tests.
/// </summary>
[Kind(Kind.Process)]
public sealed class LeftOutLinesTests : ProcessTest
{
    [Fact]
    public async Task What_was_left_out_is_summed_up_although_nobody_knocks_any_more()
    {
        var ports = LoopbackPort.Free(2);
        var settings = new GatewayProcessSettings { Name = "near", Folder = Folder, LinksPort = ports[0], IntakePort = ports[1] };
        await using var gateway = new SilencedGateway(settings, isFull: false);
        await gateway.ReadyAsync(Token);

        await Strangers.KnockAsync(settings.IntakePort, 110);

        (await InTimeAsync("the summary", gateway.ReadUntilAsync("LogCut: again, ", Token)))
            .ShouldContain("NotZmtp");
    }
}
