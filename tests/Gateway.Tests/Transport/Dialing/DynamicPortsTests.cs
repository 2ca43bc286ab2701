using Gateway.Transport.Dialing;
using Shouldly;
using Xunit;

namespace Gateway.Tests.Transport.Dialing;

/// <summary>The answers of netsh, and the conditions for asking it.</summary>
public sealed class DynamicPortsTests
{
    [Fact]
    public void Parse_TheUsualRange_GivesItsEnds() => DynamicPorts.Parse(
        "\r\nProtocol tcp Dynamic Port Range\r\n---------------------------------\r\nStart Port      : 49152\r\nNumber of Ports "
            + ": 16384\r\n\r\n").ShouldBe((49152, 65535));

    [Fact]
    public void Parse_AnotherLanguage_GivesTheSame() => DynamicPorts.Parse(
        "\r\nDynamischer Portbereich für Protokoll tcp\r\n---------------------------------\r\nStartport        : 1025\r\nAnzahl "
            + "der Ports : 255\r\n").ShouldBe((1025, 1279));

    [Theory]
    [InlineData("")]
    [InlineData("The following command was not found: int ipv4 show dynamicport tcp.")]
    [InlineData("Start Port : 49152\n")]
    [InlineData("Start Port : 49152\nNumber of Ports : 99999\n")]
    [InlineData("Start Port : 0\nNumber of Ports : 0\n")]
    public void Parse_WhatIsNoRange_GivesNothing(string answer) => DynamicPorts.Parse(answer).ShouldBeNull();

    [Fact]
    [Kind(Kind.Process)]
    public async Task Ask_AToolThatAnswers_GivesWhatItSays() =>
        (await DynamicPorts.AskAsync("/bin/sh", ["-c", "printf 'Start Port : 49152\nNumber of Ports : 16384\n'"], TimeSpan.FromMinutes(1)))
            .ShouldBe((49152, 65535));

    /// <summary>
    /// Neither a tool that does not end, nor one that ends and leaves its output open with somebody else, costs more than the one limit.
    /// </summary>
    [Theory]
    [InlineData("exec sleep 60")]
    [InlineData("sleep 60 &")]
    [Kind(Kind.Process)]
    public async Task Ask_AToolThatDoesNotAnswer_GivesNothing_AndHoldsUpNoThread(string script)
    {
        var began = TimeProvider.System.GetTimestamp();
        var asked = DynamicPorts.AskAsync("/bin/sh", ["-c", script], TimeSpan.FromSeconds(1));

        asked.IsCompleted.ShouldBeFalse("whoever asks goes on meanwhile");
        (await asked).ShouldBeNull();
        TimeProvider.System.GetElapsedTime(began).ShouldBeLessThan(TimeSpan.FromSeconds(30));
    }

    [Fact]
    [Kind(Kind.Process)]
    public async Task Ask_NoTool_GivesNothing() =>
        (await DynamicPorts.AskAsync("/nowhere/netsh", [], TimeSpan.FromMinutes(1))).ShouldBeNull();
}
