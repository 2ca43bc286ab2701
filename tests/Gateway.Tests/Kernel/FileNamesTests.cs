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

    [Theory]
    [InlineData("orders@billing", "orders@billing")]
    [InlineData("aux", "_aux")]
    [InlineData("nul.north", "_nul.north")]
    public void Portable_ChangesOnlyWhatIsReserved(string name, string file) => FileNames.Portable(name).ShouldBe(file);

    [Theory]
    [InlineData("exports/orders.jsonl", null)]
    [InlineData("exports/nul.jsonl", "nul.jsonl")]
    [InlineData(@"C:\data\AUX\store", "AUX")]
    [InlineData(@"\\.\CON", "CON")]
    public void DeviceIn_IsTheReservedPartOfAPath(string path, string? device) => FileNames.DeviceIn(path).ShouldBe(device);

    /// <summary>A file of such a name once took an export on Windows, and was gone.</summary>
    [Fact]
    public void CreateToWrite_UnderAReservedName_IsRefusedOnWindowsAlone()
    {
        var folder = Directory.CreateTempSubdirectory("gateway-names-").FullName;
        try
        {
            var path = Path.Combine(folder, "nul.jsonl");
            if (OperatingSystem.IsWindows())
                Should.Throw<IOException>(() => FileDoor.CreateToWrite(path)).Message.ShouldContain("'nul.jsonl'");
            else
                FileDoor.CreateToWrite(path).Dispose();

            File.Exists(Path.Combine(folder, "nul.jsonl")).ShouldBe(!OperatingSystem.IsWindows());
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
