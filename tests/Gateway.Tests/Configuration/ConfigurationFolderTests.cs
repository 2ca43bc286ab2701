using Gateway.Configuration;
using Microsoft.Extensions.Configuration;
using Shouldly;
using Xunit;

namespace Gateway.Tests.Configuration;

public sealed class ConfigurationFolderTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("conf-d-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public void Files_AreReadInTheOrderOfTheirNames_AfterTheMainFileAndBeforeTheCommandLine()
    {
        WriteMain("""{ "Gateway": { "Name": "main", "StopTimeout": "00:00:01", "Links": { "WindowMessages": 1, "BatchBytes": 1 } } }""");
        Write("20-late.json", """{ "Gateway": { "Name": "late" } }""");
        Write("10-early.json", """{ "Gateway": { "Name": "early", "StopTimeout": "00:00:02", "Links": { "WindowMessages": 2 } } }""");

        var read = Read("--Gateway:Links:WindowMessages=3")!;

        read["Gateway:Name"].ShouldBe("late");
        read["Gateway:StopTimeout"].ShouldBe("00:00:02");
        read["Gateway:Links:BatchBytes"].ShouldBe("1");
        read["Gateway:Links:WindowMessages"].ShouldBe("3");
    }

    [Fact]
    public void PeersAndRoutes_AddUpByName()
    {
        WriteMain("""
            { "Gateway": { "Peers": { "billing": { "Address": "tcp://b:1" } }, "Routes": { "orders": [ "orders@billing" ] } } }
            """);
        Write("a.json", """
            { "Gateway": { "Peers": { "audit": { "Address": "tcp://a:1" } }, "Routes": { "notes": [ "notes@audit" ] } } }
            """);
        Write("b.json", """{ "Gateway": { "Peers": { "billing": { "Fingerprint": "AB" } } } }""");

        var options = Read().GetSection("Gateway").Get<GatewayOptions>()!;

        options.Peers.Keys.ShouldBe(["audit", "billing"], ignoreOrder: true);
        (options.Peers["billing"].Address, options.Peers["billing"].Fingerprint).ShouldBe(("tcp://b:1", "AB"));
        options.Routes["orders"].ShouldBe(["orders@billing"]);
        options.Routes["notes"].ShouldBe(["notes@audit"]);
    }

    [Theory]
    [InlineData("""[ "orders@audit" ]""", "orders@audit")]
    [InlineData("""[]""", "")]
    public void AListInALaterFile_ReplacesTheWholeList(string later, string expected)
    {
        WriteMain("""{ "Gateway": { "Routes": { "orders": [ "orders@billing", "orders@reserve" ], "ordersx": [ "x@billing" ] } } }""");
        Write("a.json", $$"""{ "Gateway": { "routes": { "ORDERS": {{later}} } } }""");

        var routes = Read().GetSection("Gateway:Routes");

        routes.GetSection("orders").GetChildren().Select(one => one.Value).ShouldBe(expected.Length > 0 ? [expected] : []);
        routes["ordersx:0"].ShouldBe("x@billing");
    }

    [Fact]
    public void OtherNames_AreNotRead()
    {
        WriteMain("""{ "Gateway": { "Name": "main" } }""");
        foreach (var name in new[] { ".hidden.json", "a.json~", "a.json.dpkg-new", "README" })
            Write(name, """{ "Gateway": { "Name": "wrong" } }""");
        Directory.CreateDirectory(Path.Combine(_folder.FullName, ConfigurationFolder.Name, "folder.json"));

        Read()["Gateway:Name"].ShouldBe("main");
    }

    [Fact]
    public void TheFileOfAValue_IsNamed_AndSoIsThatOfAFault()
    {
        WriteMain("""{ "Gateway": { "Name": "shop" } }""");
        var file = Write("a.json", """{ "Gateway": { "Peers": { "billing": { "Address": "billing" } } } }""");

        var root = Read();

        EffectiveConfiguration.SourceOf(root, "Gateway:Peers:billing:Address").ShouldBe(file);
        ConfigurationReport.Of(root, TimeProvider.System).Faults.ShouldHaveSingleItem().Source.ShouldBe(file);
        Write("a.json", "{ \"Gateway\"");
        Should.Throw<InvalidDataException>(() => Read()).Message.ShouldStartWith($"{file} is not JSON: line 1, column ");
    }

    [Fact]
    public void APlannedFile_IsReadAtItsPlace_AsIfItWereWritten()
    {
        WriteMain("""{ "Gateway": { "Name": "main" } }""");
        Write("10.json", """{ "Gateway": { "Name": "ten", "Intake": { "CreditMax": 10 } } }""");
        var late = Write("30.json", """{ "Gateway": { "Name": "thirty" } }""");
        var planned = Path.Combine(Path.GetDirectoryName(late)!, "20.json");
        const string Text = """{ "Gateway": { "Name": "twenty", "Intake": { "CreditMax": 20 } } }""";

        var read = Read(new PlannedFile(planned, Text));
        var without = Read(new PlannedFile(late, null));

        (read["Gateway:Name"], read["Gateway:Intake:CreditMax"]).ShouldBe(("thirty", "20"));
        without["Gateway:Name"].ShouldBe("ten");
    }

    [Fact]
    public void FilesThatComeAndGo_AreChanges_AndNoneOfThemMustStay()
    {
        WriteMain("""{ "Gateway": { "Name": "shop" } }""");
        var files = new ConfigurationFiles([Argument]);

        var added = Write("a.json", """{ "Gateway": { "Name": "more" } }""");
        var after = files.Look();
        File.Delete(added);

        after.ShouldNotBe(files.FirstLook);
        files.Look().ShouldBe(files.FirstLook);
        files.Present().ShouldBe(files.FirstPresent);
        files.FirstPresent.ShouldContain(MainPath);
        Write("a.json", "{}");
        files.Present().ShouldBe(files.FirstPresent);
    }

    private string MainPath => Path.Combine(_folder.FullName, "shop.json");

    private string Argument => $"--config={MainPath}";

    private IConfigurationRoot Read(params string[] more) =>
        new ConfigurationBuilder().AddGatewayConfiguration([Argument, .. more]).Build();

    private IConfigurationRoot Read(PlannedFile planned) =>
        new ConfigurationBuilder().AddGatewayConfiguration([Argument], planned).Build();

    private void WriteMain(string text) => File.WriteAllText(MainPath, text);

    private string Write(string name, string text)
    {
        var path = Path.Combine(_folder.CreateSubdirectory(ConfigurationFolder.Name).FullName, name);
        File.WriteAllText(path, text);
        return path;
    }
}
