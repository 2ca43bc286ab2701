using System.Collections.Concurrent;
using System.Text.Json;
using Gateway.Tests.Management;
using Microsoft.Playwright;
using Shouldly;
using Xunit;

namespace Gateway.Tests.Dashboard;

/// <summary>
/// A page before a fake gateway; whatever a test does, no page may write an error to its console or ask another host for anything.
/// </summary>
[Collection(DashboardCollection.Name)]
public abstract class DashboardTest(BrowserFixture fixture) : IAsyncLifetime
{
    private readonly ConcurrentQueue<string> _faults = [];
    private IBrowserContext _context = null!;

    internal DashboardServer Server { get; private set; } = null!;

    internal FakeManagement Management => Server.Management;

    internal LivelyDay Day => Server.Day;

    private protected IPage Page { get; private set; } = null!;

    private protected IBrowserContext Context => _context;

    public async ValueTask InitializeAsync()
    {
        Server = await DashboardServer.StartAsync();
        _context = await fixture.Browser.NewContextAsync(new BrowserNewContextOptions
        { BaseURL = Server.Url, ViewportSize = new ViewportSize { Width = 1280, Height = 900 }, ColorScheme = ColorScheme.Light });
        Page = await _context.NewPageAsync();
        Page.Console += (_, message) => { if (message.Type is "error" or "warning") _faults.Enqueue($"console: {message.Text}"); };
        Page.PageError += (_, error) => _faults.Enqueue($"script: {error}");
        Page.Request += (_, request) =>
        {
            if (!request.Url.StartsWith(Server.Url, StringComparison.Ordinal)
            && !request.Url.StartsWith("data:", StringComparison.Ordinal)) _faults.Enqueue($"another host: {request.Url}");
        };
    }

    public async ValueTask DisposeAsync()
    {
        var faults = _faults.ToArray();
        await _context.DisposeAsync();
        await Server.DisposeAsync();
        GC.SuppressFinalize(this);
        faults.ShouldBeEmpty();
    }

    /// <summary>Opens a page and waits until it answers to clicks.</summary>
    private protected async Task OpenAsync(string path)
    {
        await Page.GotoAsync(path);
        await ReadyAsync();
    }

    private protected Task ReadyAsync() => Page.Locator("main:not([aria-busy])").WaitForAsync();

    private protected ILocator Button(string name) =>
        Page.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = name, Exact = true });

    private protected ILocator Dialog => Page.GetByRole(AriaRole.Dialog);

    private protected ILocator InDialog(string button) =>
        Dialog.GetByRole(AriaRole.Button, new LocatorGetByRoleOptions { Name = button, Exact = true });

    private protected ILocator Heading(string name) => Page.GetByRole(AriaRole.Heading, new PageGetByRoleOptions { Name = name });

    private protected Task SeeAsync(string text) => Page.GetByText(text).First.WaitForAsync();

    private protected Task<int> WidthAsync() => Page.EvaluateAsync<int>("document.documentElement.scrollWidth");

    /// <summary>The findings of the accessibility checker that are serious or worse; it comes from the tests' own npm packages.</summary>
    private protected async Task<IReadOnlyList<string>> ViolationsAsync()
    {
        await Page.EvaluateAsync(await File.ReadAllTextAsync(Tool.Axe, TestContext.Current.CancellationToken));
        var found = await Page.EvaluateAsync<JsonElement>(
            "async () => (await axe.run(document, { resultTypes: ['violations'] })).violations");
        return found.EnumerateArray()
            .Where(violation => violation.GetProperty("impact").GetString() is "serious" or "critical")
            .Select(violation => $"{violation.GetProperty("id")}: {NodesOf(violation)}")
            .ToList();
    }

    private static string NodesOf(JsonElement violation) =>
        string.Join("; ", violation.GetProperty("nodes").EnumerateArray().Take(3)
            .Select(node => $"{node.GetProperty("html")} {node.GetProperty("failureSummary")}"));
}
