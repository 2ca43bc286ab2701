using Shouldly;
using Xunit;

namespace Gateway.Tests.Kernel;

public sealed class FileNamesTests
{
    [Theory]
    [InlineData("con", true)]
    [InlineData("NUL.north", true)]
    [InlineData("Com1", true)]
    [InlineData("lpt9.x", true)]
    [InlineData("console", false)]
    [InlineData("com", false)]
    [InlineData("com10", false)]
    [InlineData("shop.con", false)]
    public void IsReserved_IsWhatWindowsTakesForADevice(string name, bool isReserved) => FileNames.IsReserved(name).ShouldBe(isReserved);
}
