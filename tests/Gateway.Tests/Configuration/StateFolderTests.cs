using Gateway.Configuration;
using Shouldly;
using Xunit;

namespace Gateway.Tests.Configuration;

public sealed class StateFolderTests
{
    [Theory]
    [InlineData(false, true, null, "/root/.local/share", "/var/lib/gateway")]
    [InlineData(false, false, null, "/home/anna/.local/share", "/home/anna/.local/share/gateway")]
    [InlineData(false, false, "/var/lib/gateway", "", "/var/lib/gateway")]
    [InlineData(false, true, "/var/lib/shop:/var/lib/more", "/root/.local/share", "/var/lib/shop")]
    [InlineData(true, false, null, @"C:\ProgramData", @"C:\ProgramData\Gateway\store")]
    [InlineData(true, true, null, @"C:\ProgramData", @"C:\ProgramData\Gateway\store")]
    public void Of_APlatformAndUser_IsAbsolute(bool isWindows, bool isPrivileged, string? stateDirectory, string dataFolder,
        string expected) =>
        StateFolder.Of(new StateFolderFacts(isWindows, isPrivileged, stateDirectory, dataFolder)).ShouldBe(expected);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Of_AUserWithoutAFolderForData_IsEmptyRatherThanRelative(bool isWindows) =>
        StateFolder.Of(new StateFolderFacts(isWindows, IsPrivileged: false, null, "")).ShouldBeEmpty();

    [Fact]
    public void ResolvePath_OfAConfiguredFolder_IsAbsolute() =>
        new StoreOptions { Path = "data-shop" }.ResolvePath().ShouldBe(Path.GetFullPath("data-shop"));
}
