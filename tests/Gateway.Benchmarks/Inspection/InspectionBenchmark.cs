using System.Diagnostics;
using Gateway.Benchmarks.Link;
using Gateway.Cli.Demo.Processes;

namespace Gateway.Benchmarks.Inspection;

/// <summary>
/// A long backlog for a peer that is gone, and another peer under full load: how soon the first page of each listing is there, how long a
/// filter over all takes, how much memory the gateway needs meanwhile, and how much of the other peer's throughput is left.
/// </summary>
internal static class InspectionBenchmark
{
    private const int BodyBytes = 1024;
    private const int LoadMessages = 100_000;
    private const int WarmUpMessages = 20_000;

    private static readonly string[] _listings =
    [
        "state", "queues", "queues/outgoing/backlog@gone/messages?limit=100",
            "queues/outgoing/backlog@gone/messages?limit=100&after=500000", "peers/gone", "dead-letters?limit=100", "dead-letters/groups",
            "audit",
    ];

    private static readonly TimeSpan _glance = TimeSpan.FromMilliseconds(50);

    public static async Task<object> RunAsync(BenchmarkSettings settings, int backlog, CancellationToken cancellationToken)
    {
        var ports = LoopbackPort.Free(2);
        var more = new Dictionary<string, string>
        { ["Gateway:Http:Address"] = $"http://127.0.0.1:{ports[0]}", ["Gateway:Peers:gone:Address"] = $"tcp://127.0.0.1:{ports[1]}" };
        await using var pair = new GatewayPair(settings.FreshFolder(), withTls: false, more);
        await pair.StartAsync(cancellationToken);
        using var http = new HttpClient
        {
            BaseAddress = new Uri($"http://127.0.0.1:{ports[0]}/api/v1/"),
            Timeout = TimeSpan.FromMinutes(10)
        };
        await pair.EnqueueAsync("backlog@gone", backlog, BodyBytes, cancellationToken);
        await pair.EnqueueAsync(WarmUpMessages, BodyBytes, cancellationToken);
        var arrived = (long)WarmUpMessages;
        await pair.ArrivedAsync(arrived, cancellationToken);

        const string Unwatched = "other peer, nobody looks";
        var board = new Scoreboard($"{backlog:N0} messages of {BodyBytes} bytes wait, another peer under full load");
        var round = new Step("load, and the same load while everything is looked at", async token =>
        {
            board.Add(Unwatched, "messages/s", await LoadAsync(token));
            using var ends = CancellationTokenSource.CreateLinkedTokenSource(token);
            var looking = Task.WhenAll(ListAsync(http, board, ends.Token), ScanAsync(http, board, ends.Token),
                WatchMemoryAsync(pair.Here, board, ends.Token));
            board.Add("other peer, looked at", "messages/s", await LoadAsync(token), Unwatched);
            await ends.CancelAsync();
            await looking;
        });
        var scan =
            new Step("filter", async token => board.Add("a filter by header over all, no load", "s", await ScanOnceAsync(http, token)));
        return await Benchmark.InRoundsAsync(board, settings, [round, scan], cancellationToken);

        async Task<double> LoadAsync(CancellationToken token)
        {
            var started = Stopwatch.GetTimestamp();
            await pair.EnqueueAsync(LoadMessages, BodyBytes, token);
            arrived += LoadMessages;
            return LoadMessages / Stopwatch.GetElapsedTime(started, await pair.ArrivedAsync(arrived, token)).TotalSeconds;
        }
    }

    /// <summary>Looks at everything in turn, as somebody with an open page and impatience would.</summary>
    private static async Task ListAsync(HttpClient http, Scoreboard board, CancellationToken ends)
    {
        while (!ends.IsCancellationRequested)
        {
            foreach (var listing in _listings)
            {
                var started = Stopwatch.GetTimestamp();
                using var answer = await http.GetAsync(new Uri(listing, UriKind.Relative), CancellationToken.None);
                answer.EnsureSuccessStatusCode();
                board.Add(listing, "ms", Stopwatch.GetElapsedTime(started).TotalMilliseconds);
                await Task.WhenAny(Task.Delay(_glance, ends));
            }
        }
    }

    private static async Task ScanAsync(HttpClient http, Scoreboard board, CancellationToken ends)
    {
        try
        {
            while (true) board.Add("a filter by header over all, under load", "s", await ScanOnceAsync(http, ends));
        }
        catch (OperationCanceledException)
        {
            // The load has ended before the scan did.
        }
    }

    /// <summary>A filter by header over all messages, which none passes.</summary>
    private static async Task<double> ScanOnceAsync(HttpClient http, CancellationToken cancellationToken)
    {
        var started = Stopwatch.GetTimestamp();
        await using var lines = await http.GetStreamAsync(
            new Uri("queues/outgoing/backlog@gone/messages/scan?header=type:none", UriKind.Relative), cancellationToken);
        await lines.CopyToAsync(Stream.Null, cancellationToken);
        return Stopwatch.GetElapsedTime(started).TotalSeconds;
    }

    private static async Task WatchMemoryAsync(GatewayProcess gateway, Scoreboard board, CancellationToken ends)
    {
        while (!ends.IsCancellationRequested)
        {
            board.Add("resident memory", "MB", gateway.ResidentBytes / 1e6);
            await Task.WhenAny(Task.Delay(_glance, ends));
        }
    }
}
