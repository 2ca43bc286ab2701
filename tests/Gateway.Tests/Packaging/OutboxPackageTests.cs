using System.IO.Compression;
using System.Xml.Linq;
using Gateway.Tests.Crash;
using Shouldly;
using Xunit;

namespace Gateway.Tests.Packaging;

/// <summary>The packages of the outbox: what is in them, and what they bring along.</summary>
[Collection(ProcessCollection.Name)]
public sealed class OutboxPackageTests
{
    private static readonly string[] _frameworks = ["net10.0", "net8.0"];
    private static readonly string[] _databases = ["postgresql", "sqlite", "sqlserver"];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("Gateway.Client.Outbox", "Gateway.Client Microsoft.Extensions.Hosting.Abstractions")]
    [InlineData("Gateway.Client.Outbox.PostgreSql", "Gateway.Client.Outbox Microsoft.Extensions.Hosting.Abstractions Npgsql")]
    public async Task It_has_the_library_readme_and_licence_and_brings_along_what_it_names(string name, string dependencies)
    {
        using var package = await OpenAsync(name);

        var files = package.Entries.Select(entry => entry.FullName).ToList();
        files.ShouldContain("README.md");
        foreach (var framework in _frameworks)
            files.ShouldContain($"lib/{framework}/{name}.dll");
        using var stream = package.Entries.Single(entry => entry.FullName.EndsWith(".nuspec", StringComparison.Ordinal)).Open();
        var elements = XElement.Load(stream).Descendants().ToList();
        elements.Single(element => element.Name.LocalName == "license").Value.ShouldBe("MIT");
        foreach (var group in elements.Where(element => element.Name.LocalName == "group"))
            group.Elements().Select(one => one.Attribute("id")!.Value).Where(id => !IsOfTheClient(id))
                .ShouldBe(dependencies.Split(' '), ignoreOrder: true);
    }

    [Fact]
    public async Task It_has_the_scripts_of_the_tables()
    {
        using var package = await OpenAsync("Gateway.Client.Outbox");

        package.Entries.Select(entry => entry.FullName).Where(file => file.EndsWith(".sql", StringComparison.Ordinal))
            .ShouldBe(_databases.SelectMany(name => new[] { $"Schema/inbox.{name}.sql", $"Schema/outbox.{name}.sql" }), ignoreOrder: true);
    }

    /// <summary>Of one version with the client's own package, and built with it.</summary>
    private static async Task<ZipArchive> OpenAsync(string name)
    {
        var client = await PackageBuild.OfAsync("client", Token);
        var file = Path.GetFileName(client).Replace("Gateway.Client.", $"{name}.", StringComparison.Ordinal);
        return await ZipFile.OpenReadAsync(Path.Combine(Path.GetDirectoryName(client)!, file), Token);
    }

    /// <summary>Versions that the client pins stand in the packages that need it, too.</summary>
    private static bool IsOfTheClient(string id) =>
        id is "NetMQ" or "System.Security.Cryptography.Xml" or "System.ServiceModel.Primitives" or "System.Diagnostics.DiagnosticSource"
            or "Microsoft.Extensions.DependencyInjection.Abstractions" or "Microsoft.Extensions.Logging.Abstractions"
            or "Microsoft.Extensions.Options";
}
