using System.Collections;
using System.Diagnostics;
using System.Globalization;
using Gateway.Cli.Demo.Processes;
using Gateway.Client;
using Microsoft.Playwright;
using Shouldly;
using Xunit;

namespace Gateway.Tests.Crash;

/// <summary>
/// Pages of the dashboard whose browser neither reads nor acknowledges any more, as one in a suspended laptop: they hold up no message,
/// cost little, and go on
/// where the gateway is when the browser does. For as many seconds as GATEWAY_STOPPED_BROWSER_SECONDS says: pages are drawn once a
/// second, and the tenth
/// drawing that is not acknowledged is the last one that is sent. tests/soak.sh has it last until the gateway gives the pages up.
/// </summary>
[Kind(Kind.Process)]
[Needs("chromium")]
public sealed class StoppedBrowserTests : ProcessTest
{
    private const int Pages = 8;
    private const int Batch = 200;
    private const long GrowthBytesMax = 96 * 1024 * 1024;
    private const string Marker = "GATEWAY_TEST_BROWSER";

    /// <summary>For an answer to a ping, on a machine that has other things to do.</summary>
    private static readonly TimeSpan _answerMax = TimeSpan.FromSeconds(2);

    /// <summary>The gateway's own limits for ending what is under way.</summary>
    private static readonly TimeSpan _stopMax = TimeSpan.FromSeconds(20);

    private readonly string _mark = $"{Guid.NewGuid():N}";

    private static TimeSpan Stopped => TimeSpan.FromSeconds(
        Environment.GetEnvironmentVariable("GATEWAY_STOPPED_BROWSER_SECONDS") is
        { Length: > 0 } text ? int.Parse(text, CultureInfo.InvariantCulture) : 15);

    [Fact]
    public async Task Pages_whose_browser_is_stopped_hold_up_nothing_and_go_on_with_it()
    {
        var url = $"http://127.0.0.1:{LoopbackPort.Free(1)[0]}";
        var gateway = NewGateways(new Dictionary<string, string> { ["Gateway:Http:Address"] = url }, "near", "far")[0];
        await gateway.StartReadyAsync(Token);
        var client = NewClient(gateway);
        using var playwright = await Playwright.CreateAsync();
        await using var browser = await LaunchAsync(playwright);
        var pages = new List<IPage>();
        for (var i = 0; i < Pages; i++) pages.Add(await OpenAsync(browser, url));
        await FlowAsync(client);
        var before = MemoryOf(gateway);

        Signal(TestProcess.UnixSignal.Stop);
        try
        {
            await using var prober = new LoopProber(gateway);
            var began = TimeProvider.System.GetTimestamp();
            while (TimeProvider.System.GetElapsedTime(began) < Stopped) await FlowAsync(client);
            prober.Longest.ShouldBeLessThan(_answerMax);
            (MemoryOf(gateway) - before).ShouldBeLessThan(GrowthBytesMax);
            await client.SendAllAsync("orders@far", ["1", "2", "3"]);
        }
        finally
        {
            Signal(TestProcess.UnixSignal.Continue);
        }

        foreach (var page in pages) await page.GetByText("3 messages wait.").First.WaitForAsync();
        Signal(TestProcess.UnixSignal.Stop);
        try
        {
            var began = TimeProvider.System.GetTimestamp();
            (await InTimeAsync("it stops", gateway.StopAsync())).ShouldBe(0);
            TimeProvider.System.GetElapsedTime(began).ShouldBeLessThan(_stopMax);
        }
        finally
        {
            Signal(TestProcess.UnixSignal.Continue);
        }
    }

    /// <summary>The messages that others send and take meanwhile.</summary>
    private static async Task FlowAsync(GatewayClient client)
    {
        var taking = client.TakeAsync("q", Batch);
        await InTimeAsync("messages are accepted", client.SendAllAsync("q@near", ProcessMessages.Numbered(Batch)));
        (await InTimeAsync("messages arrive", taking)).Count.ShouldBe(Batch);
    }

    private static async Task<IPage> OpenAsync(IBrowser browser, string url)
    {
        var page = await browser.NewPageAsync(new BrowserNewPageOptions { BaseURL = url });
        page.SetDefaultTimeout(60_000);
        await page.GotoAsync("/");
        // The page itself says so, too; the time that passes is the circuit's.
        await page.GetByText("near").First.WaitForAsync();
        return page;
    }

    /// <summary>Its processes are known by a word in their environment.</summary>
    private Task<IBrowser> LaunchAsync(IPlaywright playwright)
    {
        var environment = Environment.GetEnvironmentVariables().Cast<DictionaryEntry>()
            .ToDictionary(entry => (string)entry.Key, entry => (string)entry.Value!);
        environment[Marker] = _mark;
        return playwright.Chromium.LaunchAsync(
            new BrowserTypeLaunchOptions { ExecutablePath = Tool.Chromium, Args = ["--no-sandbox"], Env = environment });
    }

    private void Signal(TestProcess.UnixSignal signal)
    {
        var own = Directory.EnumerateDirectories("/proc").Select(path => Path.GetFileName(path))
            .Where(id => int.TryParse(id, out _) && IsOfBrowser(id)).ToList();
        own.ShouldNotBeEmpty();
        foreach (var id in own) TestProcess.Send(int.Parse(id, CultureInfo.InvariantCulture), signal);
    }

    private bool IsOfBrowser(string id)
    {
        try
        {
            return File.ReadAllText($"/proc/{id}/environ").Contains($"{Marker}={_mark}", StringComparison.Ordinal);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // It has ended meanwhile.
            return false;
        }
    }

    private static long MemoryOf(TestGateway gateway)
    {
        using var process = Process.GetProcessById(gateway.Process.Id);
        return process.WorkingSet64;
    }
}
