using System.Diagnostics;
using System.IO.Compression;
using Gateway.Tests.Crash;
using Shouldly;
using Xunit;

namespace Gateway.Tests.Packaging;

/// <summary>The package of the client: its contents, what it brings along, and the lines that its page begins with.</summary>
[Collection(ProcessCollection.Name)]
public sealed class ClientPackageTests : ProcessTest
{
    private const string Page = "client/README.md";

    private static readonly string[] _frameworks = ["net10.0", "net472", "net8.0"];

    [Fact]
    public async Task It_has_the_library_for_each_framework_with_readme_and_protocol()
    {
        using var package = await ZipFile.OpenReadAsync(await PackageBuild.OfAsync("client", Token), Token);

        package.Entries.Select(entry => entry.FullName).Where(name => !IsOfTheFormat(name)).ShouldBe(
            [
                "README.md", "Gateway.Client/Wire/PROTOCOL.md",
                .. _frameworks.SelectMany(name => new[] { $"lib/{name}/Gateway.Client.dll", $"lib/{name}/Gateway.Client.xml" }),
            ],
            ignoreOrder: true);
    }

    /// <summary>
    /// Beside NetMQ and Microsoft's extensions, only what an older framework lacks. What NetMQ itself asks for stands here as well, in
    /// versions that exist: without them each restore of an application would warn.
    /// </summary>
    [Fact]
    public async Task It_brings_along_nothing_else()
    {
        using var package = await ZipFile.OpenReadAsync(await PackageBuild.OfAsync("client", Token), Token);

        string[] everywhere =
        [
            "Microsoft.Extensions.DependencyInjection.Abstractions", "Microsoft.Extensions.Logging.Abstractions",
            "Microsoft.Extensions.Options", "NetMQ",
        ];
        string[] ofNetMq = ["System.Security.Cryptography.Xml", "System.ServiceModel.Primitives"];
        var groups = ClientPackagesTests.Load(package).Descendants().Where(element => element.Name.LocalName == "group").ToDictionary(
            group => group.Attribute("targetFramework")!.Value,
            group => group.Elements().Select(one => one.Attribute("id")!.Value).ToList());
        groups.Count.ShouldBe(_frameworks.Length);
        groups["net10.0"].ShouldBe([.. everywhere, .. ofNetMq], ignoreOrder: true);
        groups["net8.0"].ShouldBe([.. everywhere, .. ofNetMq, "System.Diagnostics.DiagnosticSource"], ignoreOrder: true);
        groups[".NETFramework4.7.2"].ShouldBe(
            [
                .. everywhere, "Microsoft.Bcl.AsyncInterfaces", "Microsoft.Bcl.Memory", "Microsoft.Bcl.TimeProvider",
                "System.Diagnostics.DiagnosticSource", "System.Memory", "System.Text.Json", "System.Threading.Channels",
            ],
            ignoreOrder: true);
    }

    /// <summary>
    /// As the page is pasted, but for the port, and with the lines that leave out what NetMQ asks for and does not use. A warning of the
    /// restore or of the compiler is an error.
    /// </summary>
    [Fact]
    public async Task The_ten_lines_that_its_page_begins_with_work_in_a_new_project()
    {
        var package = await PackageBuild.OfAsync("client", Token);
        var gateway = NewGateways("local")[0];
        await gateway.StartReadyAsync(Token);
        var lines = PageBlock.Of(Page).First(block => block.Language == "csharp").Text;
        lines.Split('\n').Count(line => line.Trim().Length > 0).ShouldBe(10);
        var project = Directory.CreateDirectory(Path.Combine(Folder, "pasted")).FullName;
        const string options = "new GatewayClientOptions()";
        lines.ShouldContain(options);
        await File.WriteAllTextAsync(Path.Combine(project, "Program.cs"), lines.Replace(
            options, $"new GatewayClientOptions {{ Address = \"{gateway.Address}\" }}", StringComparison.Ordinal), Token);
        await File.WriteAllTextAsync(Path.Combine(project, "pasted.csproj"), ProjectWith(package), Token);

        var run = Track(TestProcess.Start(
            new ProcessStartInfo("dotnet", ["run", "--project", project, "--framework", "net10.0"]), Path.Combine(Folder, "pasted.log")));

        (await run.Ended.WaitAsync(PackageBuild.Limit, Token)).ShouldBe(0, run.Output + run.Errors);
        run.Output.ShouldEndWith("hello");
        Directory.EnumerateFiles(project, "System.ServiceModel.*.dll", SearchOption.AllDirectories)
            .Where(file => file.Contains("bin", StringComparison.Ordinal)).ShouldBeEmpty();
        (await NewClient(gateway).GetQueueAsync("greetings", Token)).Messages.ShouldBe(0);
    }

    /// <summary>The package is taken from its folder, and kept in one of the test; what else it needs may be there already.</summary>
    private static string ProjectWith(string package) => $"""
        <Project Sdk="Microsoft.NET.Sdk">
          <PropertyGroup>
            <OutputType>Exe</OutputType>
            <TargetFrameworks>{string.Join(';', _frameworks)}</TargetFrameworks>
            <ImplicitUsings>enable</ImplicitUsings>
            <LangVersion>latest</LangVersion>
            <TreatWarningsAsErrors>true</TreatWarningsAsErrors>
            <RestoreAdditionalProjectSources>{Path.GetDirectoryName(package)}</RestoreAdditionalProjectSources>
            <RestorePackagesPath>packages</RestorePackagesPath>
            <RestoreFallbackFolders>{Packages}</RestoreFallbackFolders>
          </PropertyGroup>
          <ItemGroup>
            <PackageReference Include="Gateway.Client" Version="{Version(package)}" />
            {PageBlock.Of(Page).Single(block => block.Language == "xml").Text}
          </ItemGroup>
        </Project>
        """;

    /// <summary>Where NuGet keeps what this machine has restored.</summary>
    private static string Packages => Environment.GetEnvironmentVariable("NUGET_PACKAGES")
        ?? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".nuget", "packages");

    private static string Version(string package) => Path.GetFileNameWithoutExtension(package)["Gateway.Client.".Length..];

    private static bool IsOfTheFormat(string entry) =>
        entry.EndsWith(".nuspec", StringComparison.Ordinal) || entry.StartsWith("_rels/", StringComparison.Ordinal)
        || entry.StartsWith("package/", StringComparison.Ordinal) || entry == "[Content_Types].xml";
}
