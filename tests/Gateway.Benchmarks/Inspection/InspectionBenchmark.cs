using System.Diagnostics;
using System.Globalization;
using Gateway.Benchmarks.Link;
using Gateway.Cli.Demo;
using Spectre.Console;

namespace Gateway.Benchmarks.Inspection;

/// <summary>
/// A long backlog for a peer that is gone, and another peer under full load: how soon the first page of each listing is there, how long a filter over all takes, how much memory the gateway needs
/// meanwhile, and how much of the other peer's throughput is left.
/// </summary>
internal static class InspectionBenchmark
{
    private const int BodyBytes = 1024;
    private const int LoadMessages = 100_000;
    private const int WarmUpMessages = 20_000;

    private static readonly string[] _listings =
    [
        "state", "queues", "queues/outgoing/backlog@gone/messages?limit=100", "queues/outgoing/backlog@gone/messages?limit=100&after=500000", "peers/gone", "dead-letters?limit=100", "dead-letters/groups", "audit",
    ];

    private static readonly TimeSpan _glance = TimeSpan.FromMilliseconds(50);

    public static async Task<int> RunAsync(DirectoryInfo folder, int backlog, int rounds, CancellationToken cancellationToken)
    {
        var ports = LoopbackPort.Free(2);
        var more = new Dictionary<string, string> { ["Gateway:Http:Address"] = $"http://127.0.0.1:{ports[0]}", ["Gateway:Peers:gone:Address"] = $"tcp://127.0.0.1:{ports[1]}" };
        await using var pair = new GatewayPair(Folders.Fresh(folder), withTls: false, more);
        await pair.StartAsync(cancellationToken);
        using var http = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{ports[0]}/api/v1/"), Timeout = TimeSpan.FromMinutes(10) };
        await pair.EnqueueAsync("backlog@gone", backlog, BodyBytes, cancellationToken);
        await pair.EnqueueAsync(WarmUpMessages, BodyBytes, cancellationToken);
        var arrived = (long)WarmUpMessages;
        await pair.ArrivedAsync(arrived, cancellationToken);

        var (alone, watched, share, scans, resident) = (new Measurement(), new Measurement(), new Measurement(), new Measurement(), new Measurement());
        var pages = _listings.ToDictionary(listing => listing, _ => new Measurement());
        for (var round = 0; round < rounds; round++)
        {
            var without = await LoadAsync();
            using var ends = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            var looking = Task.WhenAll(ListAsync(http, pages, ends.Token), ScanAsync(http, scans, ends.Token), WatchMemoryAsync(pair.Here, resident, ends.Token));
            var with = await LoadAsync();
            await ends.CancelAsync();
            await looking;
            alone.Add(without);
            watched.Add(with);
            share.Add(with / without);
        }

        scans.Add(await ScanOnceAsync(http, cancellationToken));
        Print(backlog, alone, watched, share, scans, resident, pages);
        return 0;

        async Task<double> LoadAsync()
        {
            var started = Stopwatch.GetTimestamp();
            await pair.EnqueueAsync(LoadMessages, BodyBytes, cancellationToken);
            arrived += LoadMessages;
            return LoadMessages / Stopwatch.GetElapsedTime(started, await pair.ArrivedAsync(arrived, cancellationToken)).TotalSeconds;
        }
    }

    /// <summary>Looks at everything in turn, as somebody with an open page and impatience would.</summary>
    private static async Task ListAsync(HttpClient http, Dictionary<string, Measurement> pages, CancellationToken ends)
    {
        while (!ends.IsCancellationRequested)
        {
            foreach (var (listing, seconds) in pages)
            {
                var started = Stopwatch.GetTimestamp();
                using var answer = await http.GetAsync(new Uri(listing, UriKind.Relative), CancellationToken.None);
                answer.EnsureSuccessStatusCode();
                seconds.Add(Stopwatch.GetElapsedTime(started).TotalSeconds);
                await Task.WhenAny(Task.Delay(_glance, ends));
            }
        }
    }

    private static async Task ScanAsync(HttpClient http, Measurement seconds, CancellationToken ends)
    {
        try
        {
            while (true) seconds.Add(await ScanOnceAsync(http, ends));
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
        await using var lines = await http.GetStreamAsync(new Uri("queues/outgoing/backlog@gone/messages/scan?header=type:none", UriKind.Relative), cancellationToken);
        await lines.CopyToAsync(Stream.Null, cancellationToken);
        return Stopwatch.GetElapsedTime(started).TotalSeconds;
    }

    private static async Task WatchMemoryAsync(GatewayProcess gateway, Measurement bytes, CancellationToken ends)
    {
        while (!ends.IsCancellationRequested)
        {
            bytes.Add(gateway.ResidentBytes);
            await Task.WhenAny(Task.Delay(_glance, ends));
        }
    }

    private static void Print(int backlog, Measurement alone, Measurement watched, Measurement share, Measurement scans, Measurement resident, Dictionary<string, Measurement> pages)
    {
        var table = new Table().Title($"{backlog:N0} messages of {BodyBytes} bytes wait, another peer under full load").Border(TableBorder.Simple);
        table.AddColumns("", "median", "longest, most");
        foreach (var (listing, seconds) in pages) table.AddRow($"{Markup.Escape(listing)}, ms", Number(seconds.Median * 1000), Number(seconds.Highest * 1000));
        table.AddRow("a filter by header over all, s", Number(scans.Median), Number(scans.Highest));
        table.AddRow("resident memory, MB", Number(resident.Median / 1e6), Number(resident.Highest / 1e6));
        table.AddRow("other peer, nobody looks, messages/s", Number(alone.Median), Number(alone.Highest));
        table.AddRow("other peer, looked at, messages/s", Number(watched.Median), Number(watched.Highest));
        table.AddRow("ratio in the same round", share.Median.ToString("0.00", CultureInfo.InvariantCulture), share.Highest.ToString("0.00", CultureInfo.InvariantCulture));
        AnsiConsole.Write(table);
    }

    private static string Number(double value) => value.ToString(value < 100 ? "0.0" : "N0", CultureInfo.InvariantCulture);
}
