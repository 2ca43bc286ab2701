using System.CommandLine;
using Gateway.Cli.Offline;
using Shouldly;
using Xunit;

namespace Gateway.Tests.Cli.Offline;

public sealed class StorePlaceTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("place-");
    private readonly StorePlaceOptions _options = new();
    private readonly Command _command = new("verb");

    public StorePlaceTests()
    {
        _options.AddTo(_command);
        File.WriteAllText(Config, """{ "Gateway": { "Name": "shop", "Store": { "Path": "/var/lib/shop" } } }""");
    }

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public void TheFileOfTheGateway_SaysWhereItsStoreIs()
    {
        var place = Read("--config", Config);

        place.Path.ShouldBe(Path.GetFullPath("/var/lib/shop"));
        place.GatewayName.ShouldBe("shop");
    }

    [Fact]
    public void AFolder_GoesBeforeIt() => Read("--config", Config, "--path", _folder.FullName).Path.ShouldBe(_folder.FullName);

    private string Config => Path.Combine(_folder.FullName, "shop.json");

    private StorePlace Read(params string[] args) => _options.Read(_command.Parse(args));
}
