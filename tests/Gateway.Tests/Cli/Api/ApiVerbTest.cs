using System.Text.Json;
using Gateway.Cli.Shell;
using Gateway.Configuration;
using Gateway.Tests.Http;
using Gateway.Tests.Management;
using Shouldly;
using Xunit;

namespace Gateway.Tests.Cli.Api;

/// <summary>The common base of tests of verbs that use the HTTP API: a real API before a fake gateway, and a terminal.</summary>
[Kind(Kind.Http)]
public abstract class ApiVerbTest : IAsyncLifetime
{
    private TestApi? _api;

    protected static CancellationToken Token => TestContext.Current.CancellationToken;

    private protected FakeManagement Gateway { get; } = new();

    private protected TestTerminal Terminal { get; private set; } = new();

    private protected string Address => _api!.Service.Address;

    public async ValueTask InitializeAsync() => _api = await TestApi.StartAsync(Configure, Gateway);

    public async ValueTask DisposeAsync()
    {
        await _api!.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    private protected virtual void Configure(GatewayOptions options)
    {
    }

    /// <summary>Runs a verb on a terminal of its own.</summary>
    private protected async Task<ExitCode> RunAsync(params string[] args)
    {
        Terminal = new TestTerminal();
        return await Terminal.RunAsync([.. args, "--gateway", Address]);
    }

    /// <summary>The one JSON document that a verb prints when it ends well.</summary>
    private protected async Task<JsonElement> JsonAsync(params string[] args)
    {
        (await RunAsync([.. args, "--output", "json"])).ShouldBe(ExitCode.Ok, Terminal.Error);
        return JsonDocument.Parse(Terminal.Output).RootElement;
    }

    private protected async Task<List<JsonElement>> LinesAsync(params string[] args)
    {
        (await RunAsync([.. args, "--output", "jsonl"])).ShouldBe(ExitCode.Ok, Terminal.Error);
        return [.. Terminal.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonDocument.Parse(line).RootElement)];
    }
}
