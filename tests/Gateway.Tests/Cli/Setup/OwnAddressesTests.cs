using Gateway.Cli.Setup;
using Shouldly;
using Xunit;

namespace Gateway.Tests.Cli.Setup;

public sealed class OwnAddressesTests
{
    [Theory]
    [InlineData("tcp://10.0.0.5:7421", "", "10.0.0.5:7421")]
    [InlineData("tcp://[fd00::2]:7421", "", "[fd00::2]:7421")]
    [InlineData("tcp://*:7421", "", "shop-host:7421 10.0.0.5:7421 [fd00::2]:7421")]
    [InlineData("tcp://0.0.0.0:7421", "", "shop-host:7421 10.0.0.5:7421 [fd00::2]:7421")]
    [InlineData("tcp://[::]:7421", "", "shop-host:7421 10.0.0.5:7421 [fd00::2]:7421")]
    [InlineData("tcp://127.0.0.1:7421", "", "127.0.0.1:7421")]
    [InlineData("tcp://*:7421", "gate.example", "gate.example:7421")]
    [InlineData("tcp://*:7421", "gate.example:99 10.1.1.1", "gate.example:99 10.1.1.1:7421")]
    [InlineData("tcp://*:7421", "fd00::3", "[fd00::3]:7421")]
    [InlineData("tcp://*:7421", "[fd00::3]:99", "[fd00::3]:99")]
    [InlineData("tcp://127.0.0.1:0", "", "")]
    [InlineData("tcp://127.0.0.1:0", "gate.example", "")]
    [InlineData("tcp://127.0.0.1:0", "gate.example:99", "gate.example:99")]
    public void Of_EachListenAddress_GivesWhereOthersReachIt(string listen, string given, string addresses) =>
        string.Join(' ', OwnAddresses.Of(listen, given.Split(' ', StringSplitOptions.RemoveEmptyEntries),
            () => ["shop-host", "10.0.0.5", "fd00::2", "shop-host"])).ShouldBe(addresses);

    [Theory]
    [InlineData("gate.example", true)]
    [InlineData("gate.example:7421", true)]
    [InlineData("10.0.0.5", true)]
    [InlineData("fd00::3", true)]
    [InlineData("[fd00::3]:7421", true)]
    [InlineData("", false)]
    [InlineData("*", false)]
    [InlineData("*:7421", false)]
    [InlineData("gate.example:99999", false)]
    [InlineData("gate.example/path", false)]
    [InlineData("tcp://gate.example:7421", false)]
    [InlineData("two words", false)]
    public void IsAddress_KnowsHostsAndPorts(string text, bool isAddress) => OwnAddresses.IsAddress(text).ShouldBe(isAddress);

    [Fact]
    public void OfHost_HasNoAddressThatMeansNothingElsewhere()
    {
        var names = OwnAddresses.OfHost().ToList();

        names.ShouldNotBeEmpty();
        names.ShouldAllBe(name => !name.StartsWith("fe80") && !name.StartsWith("169.254.") && name != "localhost");
    }
}
