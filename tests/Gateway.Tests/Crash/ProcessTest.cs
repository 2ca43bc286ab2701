using Gateway.Cli.Demo.Processes;
using Gateway.Client;
using Gateway.Store;
using Gateway.Store.Blocks;
using Gateway.Store.Disk.Files;
using Gateway.Store.Messages;
using Microsoft.Extensions.Logging.Abstractions;
using Shouldly;
using Xunit;

namespace Gateway.Tests.Crash;

/// <summary>The base of tests with processes: a folder, gateways and clients that end with the test, and waiting for a condition.</summary>
public abstract class ProcessTest : IAsyncDisposable
{
    private const int LogLinesShown = 40;

    /// <summary>A limit against hanging, not an expectation.</summary>
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(60);

    private static readonly TimeSpan _glance = TimeSpan.FromMilliseconds(10);

    private readonly List<TestGateway> _gateways = [];
    private readonly List<IAsyncDisposable> _others = [];

    protected static CancellationToken Token => TestContext.Current.CancellationToken;

    protected string Folder { get; } = Directory.CreateTempSubdirectory("gateway-test-").FullName;

    public async ValueTask DisposeAsync()
    {
        foreach (var other in Enumerable.Reverse(_others))
            await other.DisposeAsync();
        foreach (var gateway in _gateways)
            await gateway.DisposeAsync();
        if (TestContext.Current.TestState?.Result == TestResult.Failed)
            ShowLogs();
        Directory.Delete(Folder, recursive: true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Gateways that know each other, each by its name, with links that are soon up again. Not started.</summary>
    internal TestGateway[] NewGateways(IReadOnlyDictionary<string, string> more, params string[] names)
    {
        var ports = LoopbackPort.Free(3 * names.Length);
        var addresses = names.Select((name, i) => (name, Address: $"tcp://127.0.0.1:{ports[3 * i]}")).ToArray();
        var gateways = names.Select((name, i) => new TestGateway(new GatewayProcessSettings
        {
            Name = name,
            Folder = Folder,
            LinksPort = ports[3 * i],
            IntakePort = ports[(3 * i) + 1],
            HttpPort = ports[(3 * i) + 2],
            Peers = addresses.Where(peer => peer.name != name).ToDictionary(peer => peer.name, peer => peer.Address),
            More = new Dictionary<string, string>(more) { ["Gateway:Links:BackoffMax"] = "00:00:00.200" },
        })).ToArray();
        _gateways.AddRange(gateways);
        return gateways;
    }

    internal TestGateway[] NewGateways(params string[] names) => NewGateways(new Dictionary<string, string>(), names);

    internal TestGateway Track(TestGateway gateway)
    {
        _gateways.Add(gateway);
        return gateway;
    }

    /// <summary>Ended with the test, before the gateways.</summary>
    internal T Track<T>(T other)
        where T : IAsyncDisposable
    {
        _others.Add(other);
        return other;
    }

    /// <summary>A client whose calls wait for the gateway for as long as a test may take.</summary>
    internal GatewayClient NewClient(TestGateway gateway)
    {
        var options = new GatewayClientOptions
        { Address = gateway.Address, ApplicationName = "test", RequestTimeout = TimeSpan.FromMinutes(10) };
        var client = Track(new GatewayClient(options));
        OperatorView.Note(client, gateway);
        return client;
    }

    internal static async Task UntilAsync(string what, Func<Task<bool>> holds)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(Token);
        limit.CancelAfter(_patience);
        try
        {
            while (!await holds().WaitAsync(limit.Token))
                await Task.Delay(_glance, limit.Token);
        }
        catch (OperationCanceledException) when (limit.IsCancellationRequested && !Token.IsCancellationRequested)
        {
            throw new TimeoutException($"Waited in vain until {what}.");
        }
    }

    internal static Task UntilAsync(string what, Func<bool> holds) => UntilAsync(what, () => Task.FromResult(holds()));

    /// <summary>Waits for what has to come, for a limited time.</summary>
    internal static async Task<T> InTimeAsync<T>(string what, Task<T> task)
    {
        await InTimeAsync(what, (Task)task);
        return await task;
    }

    internal static async Task InTimeAsync(string what, Task task)
    {
        try
        {
            await task.WaitAsync(_patience, Token);
        }
        catch (TimeoutException)
        {
            throw new TimeoutException($"Waited in vain: {what}.");
        }
    }

    /// <summary>The store of a gateway that does not run opens, and all of it is what was written.</summary>
    internal static void CheckStore(TestGateway gateway)
    {
        var blocks = new LiteBlockStore(new FileDisk(gateway.StorePath), NullLoggerFactory.Instance);
        blocks.Volumes.ShouldNotBeEmpty();
        using var store = MessageStore.Open(blocks, new StoreSettings(), Guid.Empty);
        store.Check().ShouldBeEmpty();
    }

    private void ShowLogs()
    {
        var output = TestContext.Current.TestOutputHelper;
        foreach (var log in Directory.EnumerateFiles(Folder, "*.log").Order(StringComparer.Ordinal))
        {
            output?.WriteLine($"--- {Path.GetFileName(log)}");
            foreach (var line in File.ReadLines(log).TakeLast(LogLinesShown))
                output?.WriteLine(line);
        }
    }
}
