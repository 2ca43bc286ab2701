using Gateway.Transport.Dialing;
using Shouldly;
using Xunit;

namespace Gateway.Tests.Transport.Dialing;

public sealed class LocalPortsTests
{
    private const string Sockets = "sockets: used 109\nTCP: inuse 91 orphan 0 tw 1274 alloc 94 mem 0\nUDP: inuse 3 mem 0\n";

    [Fact]
    public void Parse_WhatLinuxTells_IsSaidInASentence()
    {
        var ports = LocalPorts.Parse(Sockets, "32768\t60999\n");

        ports.ShouldBe(new LocalPorts(91, 1274, (32768, 60999)));
        ports.ToString().ShouldBe("91 TCP sockets are open, 1274 are in TIME_WAIT, the ephemeral ports are 32768 to 60999");
    }

    [Theory]
    [InlineData("", "")]
    [InlineData("TCP: inuse", "32768")]
    [InlineData("TCP: tw x inuse -1", "a b")]
    public void Parse_WhatIsNotThere_IsLeftOut(string sockets, string range) => LocalPorts.Parse(sockets, range).ToString().ShouldBe("");

    [Fact]
    public async Task Read_ThisHost_Tells() => (await LocalPorts.ReadAsync()).TimeWait.ShouldNotBeNull();
}
