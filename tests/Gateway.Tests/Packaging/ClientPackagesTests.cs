using System.IO.Compression;
using System.Reflection.Metadata;
using System.Xml.Linq;
using Gateway.Tests.Crash;
using Shouldly;
using Xunit;

namespace Gateway.Tests.Packaging;

/// <summary>What holds for every package for applications, the client's and those beside it.</summary>
[Collection(ProcessCollection.Name)]
public sealed class ClientPackagesTests : ProcessTest
{
    /// <summary>What each brings along on .NET 10 beside the client and what the client brings along.</summary>
    private static readonly Dictionary<string, string[]> _ownDependencies = new()
    {
        ["Gateway.Client"] = [],
        ["Gateway.Client.CloudEvents"] = ["CloudNative.CloudEvents", "CloudNative.CloudEvents.SystemTextJson"],
        ["Gateway.Client.Hosting"] =
        [
            "Microsoft.Extensions.Diagnostics.HealthChecks", "Microsoft.Extensions.Hosting.Abstractions",
            "Microsoft.Extensions.Options.ConfigurationExtensions", "OpenTelemetry.Api",
        ],
        ["Gateway.Client.Outbox"] = ["Microsoft.Extensions.Hosting.Abstractions"],
        ["Gateway.Client.Outbox.PostgreSql"] = ["Gateway.Client.Outbox", "Microsoft.Extensions.Hosting.Abstractions", "Npgsql"],
        ["Gateway.Client.Testing"] = [],
    };

    private static readonly string[] _ofTheClient =
    [
        "Gateway.Client", "Microsoft.Extensions.DependencyInjection.Abstractions", "Microsoft.Extensions.Logging.Abstractions",
        "Microsoft.Extensions.Options", "NetMQ", "System.Security.Cryptography.Xml", "System.ServiceModel.Primitives",
    ];

    [Fact]
    public async Task Each_has_its_library_readme_licence_and_symbols_and_brings_along_what_is_expected()
    {
        var folder = Path.GetDirectoryName(await PackageBuild.OfAsync("client", Token))!;
        var projects = Directory.GetFiles(Path.Combine(SourceTree.Root, "client"), "*.csproj", SearchOption.AllDirectories)
            .Where(path => !path.Contains("samples", StringComparison.Ordinal)).ToList();
        projects.ShouldNotBeEmpty();
        foreach (var project in projects)
        {
            var name = Path.GetFileNameWithoutExtension(project);
            var version = Path.GetFileName(Directory.GetFiles(folder, "Gateway.Client.?.*.nupkg").Single())["Gateway.Client.".Length..^6];
            using var package = await ZipFile.OpenReadAsync(Path.Combine(folder, $"{name}.{version}.nupkg"), Token);
            using var symbols = await ZipFile.OpenReadAsync(Path.Combine(folder, $"{name}.{version}.snupkg"), Token);
            var frameworks = XElement.Load(project).Descendants("TargetFrameworks").Single().Value.Split(';');

            frameworks.ShouldContain("net8.0", name);
            var libraries = frameworks.SelectMany(one => new[] { $"lib/{one}/{name}.dll", $"lib/{one}/{name}.xml" });
            foreach (var file in libraries.Append("README.md"))
                package.GetEntry(file).ShouldNotBeNull($"{name}: {file}");
            var nuspec = Load(package);
            Value(nuspec, "readme").ShouldBe("README.md");
            Value(nuspec, "license").ShouldBe("MIT");
            var brought = nuspec.Descendants().Single(
                    element => element.Name.LocalName == "group" && element.Attribute("targetFramework")?.Value == "net10.0")
                .Elements().Select(one => one.Attribute("id")!.Value);
            brought.Except(_ofTheClient).ShouldBe(_ownDependencies[name], ignoreOrder: true, name);
            foreach (var one in frameworks) (await DocumentsAsync(symbols.GetEntry($"lib/{one}/{name}.pdb")!))
                .ShouldAllBe(document => document.StartsWith("/_", StringComparison.Ordinal));
        }
    }

    /// <summary>The files that the symbols name.</summary>
    private static async Task<List<string>> DocumentsAsync(ZipArchiveEntry symbols)
    {
        var content = new MemoryStream();
        await using (var stream = await symbols.OpenAsync(Token))
            await stream.CopyToAsync(content, Token);
        content.Position = 0;
        using var provider = MetadataReaderProvider.FromPortablePdbStream(content);
        var reader = provider.GetMetadataReader();
        return [.. reader.Documents.Select(handle => reader.GetString(reader.GetDocument(handle).Name))];
    }

    internal static XElement Load(ZipArchive package)
    {
        using var stream = package.Entries.Single(entry => entry.FullName.EndsWith(".nuspec", StringComparison.Ordinal)).Open();
        return XElement.Load(stream);
    }

    private static string Value(XElement nuspec, string name) =>
        nuspec.Descendants().Single(element => element.Name.LocalName == name).Value;
}
