using System.Diagnostics;
using System.Globalization;
using Gateway.Cli.Demo;
using Spectre.Console;

namespace Gateway.Benchmarks.Link;

/// <summary>
/// What a link carries from store to store, both durable, two gateways as separate processes: with the messages coming in, in plain text and with TLS in turn, and from a backlog when the peer returns; and
/// how fast the end of the peer is seen.
/// </summary>
internal static class LinkBenchmark
{
    private const int WarmUpMessages = 100_000;
    private const int ReplayMessages = 200_000;
    private const int ReplayBodyBytes = 1024;

    /// <summary>A tenth of the messages on their one way, for a quick look; a shorter backlog would have arrived before its first message was seen.</summary>
    private const int QuickShare = 10;

    private static readonly (int BodyBytes, int Messages)[] _cases = [(100, 200_000), (1024, 100_000), (16 * 1024, 12_000)];

    public static async Task<int> RunAsync(DirectoryInfo folder, int rounds, bool quick, CancellationToken cancellationToken)
    {
        var share = quick ? QuickShare : 1;
        var rates = new Table().Title("From store to store, medians").Border(TableBorder.Simple);
        rates.AddColumns("", "messages/s", "MB/s", "of raw TCP", "with TLS messages/s", "of plain text");
        foreach (var (bodyBytes, all) in _cases)
        {
            var messages = all / share;
            var (raw, plain, tls, ofPlain) = (new Measurement(), new Measurement(), new Measurement(), new Measurement());
            for (var round = 0; round < rounds; round++)
            {
                raw.Add(await RawTcp.RunAsync((long)bodyBytes * messages * 4, cancellationToken));
                // Each is first in every second round.
                var first = await OneWayAsync(Folders.Fresh(folder), round % 2 == 1, bodyBytes, messages, cancellationToken);
                var second = await OneWayAsync(Folders.Fresh(folder), round % 2 == 0, bodyBytes, messages, cancellationToken);
                var (inPlain, inTls) = round % 2 == 0 ? (first, second) : (second, first);
                plain.Add(inPlain);
                tls.Add(inTls);
                ofPlain.Add(inTls / inPlain);
            }

            AddRow(rates, $"one way, {bodyBytes} bytes", plain, bodyBytes, raw, tls, ofPlain);
        }

        var (replay, firstMessage, rawReplay) = (new Measurement(), new Measurement(), new Measurement());
        for (var round = 0; round < rounds; round++)
        {
            rawReplay.Add(await RawTcp.RunAsync((long)ReplayBodyBytes * ReplayMessages, cancellationToken));
            await ReplayAsync(Folders.Fresh(folder), replay, firstMessage, cancellationToken);
        }

        AddRow(rates, $"replay of {ReplayMessages:N0}, {ReplayBodyBytes} bytes", replay, ReplayBodyBytes, rawReplay);
        AnsiConsole.Write(rates);
        AnsiConsole.WriteLine(string.Create(CultureInfo.InvariantCulture, $"From the peer's listening to its first message: {firstMessage.Median * 1000:0} ms."));
        AnsiConsole.Write(await DetectAsync(folder, rounds, cancellationToken));
        return 0;
    }

    private static async Task<double> OneWayAsync(DirectoryInfo folder, bool withTls, int bodyBytes, int messages, CancellationToken cancellationToken)
    {
        await using var pair = new GatewayPair(folder, withTls);
        await pair.StartAsync(cancellationToken);
        await WarmUpAsync(pair, bodyBytes, cancellationToken);

        var started = Stopwatch.GetTimestamp();
        await pair.EnqueueAsync(messages, bodyBytes, cancellationToken);
        var arrived = await pair.ArrivedAsync(WarmUpMessages + messages, cancellationToken);
        return messages / Stopwatch.GetElapsedTime(started, arrived).TotalSeconds;
    }

    /// <summary>Both processes have compiled what they run by then.</summary>
    private static async Task WarmUpAsync(GatewayPair pair, int bodyBytes, CancellationToken cancellationToken)
    {
        await pair.EnqueueAsync(WarmUpMessages, Math.Min(bodyBytes, ReplayBodyBytes), cancellationToken);
        await pair.ArrivedAsync(WarmUpMessages, cancellationToken);
    }

    private static async Task ReplayAsync(DirectoryInfo folder, Measurement replay, Measurement first, CancellationToken cancellationToken)
    {
        await using var pair = new GatewayPair(folder);
        await pair.StartAsync(cancellationToken);
        await WarmUpAsync(pair, ReplayBodyBytes, cancellationToken);

        await pair.There.KillAsync();
        await pair.LinkIsAsync(link => link.State != "up", cancellationToken);
        await pair.EnqueueAsync(ReplayMessages, ReplayBodyBytes, cancellationToken);

        pair.There.Start();
        await pair.There.WaitUntilLinkedAsync(cancellationToken);
        var listening = Stopwatch.GetTimestamp();
        var began = await pair.ArrivedAsync(WarmUpMessages + 1, cancellationToken);
        first.Add(Stopwatch.GetElapsedTime(listening, began).TotalSeconds);
        var ended = await pair.ArrivedAsync(WarmUpMessages + ReplayMessages, cancellationToken);
        replay.Add(ReplayMessages / Stopwatch.GetElapsedTime(began, ended).TotalSeconds);
    }

    /// <summary>From what happens to the peer until the link says so, with the settings that a gateway has by itself.</summary>
    private static async Task<Table> DetectAsync(DirectoryInfo folder, int rounds, CancellationToken cancellationToken)
    {
        var (killed, refused, stopped) = (new Measurement(), new Measurement(), new Measurement());
        await using var pair = new GatewayPair(Folders.Fresh(folder));
        await pair.StartAsync(cancellationToken);
        for (var round = 0; round < rounds; round++)
        {
            var stop = Stopwatch.GetTimestamp();
            Signal.StandStill(pair.There.Id);
            await AddAsync(stopped, stop, link => link.Cause == "HalfOpen");
            Signal.GoOn(pair.There.Id);
            await pair.LinkIsAsync(link => link.State == "up", cancellationToken);

            var kill = Stopwatch.GetTimestamp();
            await pair.There.KillAsync();
            await AddAsync(killed, kill, link => link.State != "up");
            await AddAsync(refused, kill, link => link.Cause == "Refused");
            pair.There.Start();
            await pair.LinkIsAsync(link => link.State == "up", cancellationToken);
        }

        var table = new Table().Title("Until the link says so, medians").Border(TableBorder.Simple);
        table.AddColumns("", "ms", "longest");
        AddTime(table, "killed: the link is down", killed);
        AddTime(table, "killed: the next attempt is Refused", refused);
        AddTime(table, "standing still: HalfOpen", stopped);
        return table;

        async Task AddAsync(Measurement time, long since, Func<GatewayStatus.Link, bool> holds) =>
            time.Add(Stopwatch.GetElapsedTime(since, await pair.LinkIsAsync(holds, cancellationToken)).TotalSeconds);
    }

    private static void AddTime(Table table, string what, Measurement seconds) => table.AddRow(
        what,
        (seconds.Median * 1000).ToString("0", CultureInfo.InvariantCulture),
        (seconds.Highest * 1000).ToString("0", CultureInfo.InvariantCulture));

    private static void AddRow(Table table, string what, Measurement rate, int bodyBytes, Measurement raw, Measurement? tls = null, Measurement? ofPlain = null) => table.AddRow(
        what,
        rate.Median.ToString("N0", CultureInfo.InvariantCulture),
        (rate.Median * bodyBytes / 1e6).ToString("0.0", CultureInfo.InvariantCulture),
        (rate.Median * bodyBytes / raw.Median).ToString("0.000", CultureInfo.InvariantCulture),
        tls?.Median.ToString("N0", CultureInfo.InvariantCulture) ?? "",
        ofPlain?.Median.ToString("0.00", CultureInfo.InvariantCulture) ?? "");
}
