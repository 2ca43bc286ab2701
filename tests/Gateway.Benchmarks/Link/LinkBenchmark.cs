using System.Diagnostics;
using System.Globalization;
using Spectre.Console;

namespace Gateway.Benchmarks.Link;

/// <summary>
/// What a link carries from store to store, both durable, two gateways as separate processes: with the messages coming in, and from a backlog when the peer returns; and how fast the end of the peer is seen.
/// </summary>
internal static class LinkBenchmark
{
    private const int WarmUpMessages = 20_000;
    private const int ReplayMessages = 200_000;
    private const int ReplayBodyBytes = 1024;

    private static readonly (int BodyBytes, int Messages)[] _cases = [(100, 200_000), (1024, 100_000), (16 * 1024, 12_000)];

    public static async Task<int> RunAsync(DirectoryInfo folder, int rounds, CancellationToken cancellationToken)
    {
        var rates = new Table().Title("From store to store, medians").Border(TableBorder.Simple);
        rates.AddColumns("", "messages/s", "MB/s", "of raw TCP");
        foreach (var (bodyBytes, messages) in _cases)
        {
            var oneWay = new Measurement();
            var raw = new Measurement();
            for (var round = 0; round < rounds; round++)
            {
                raw.Add(await RawTcp.RunAsync((long)bodyBytes * messages * 4, cancellationToken));
                oneWay.Add(await OneWayAsync(Fresh(folder), bodyBytes, messages, cancellationToken));
            }

            AddRow(rates, $"one way, {bodyBytes} bytes", oneWay, bodyBytes, raw);
        }

        var (replay, first, detected, rawReplay) = (new Measurement(), new Measurement(), new Measurement(), new Measurement());
        for (var round = 0; round < rounds; round++)
        {
            rawReplay.Add(await RawTcp.RunAsync((long)ReplayBodyBytes * ReplayMessages, cancellationToken));
            await ReplayAsync(Fresh(folder), replay, first, detected, cancellationToken);
        }

        AddRow(rates, $"replay of {ReplayMessages:N0}, {ReplayBodyBytes} bytes", replay, ReplayBodyBytes, rawReplay);
        AnsiConsole.Write(rates);
        AnsiConsole.WriteLine(string.Create(CultureInfo.InvariantCulture, $"From the peer's listening to its first message: {first.Median * 1000:0} ms. From its kill to the link's being down: {detected.Median * 1000:0} ms."));
        return 0;
    }

    private static async Task<double> OneWayAsync(DirectoryInfo folder, int bodyBytes, int messages, CancellationToken cancellationToken)
    {
        await using var pair = new GatewayPair(folder);
        await GatewayPair.StartAsync(pair.There, cancellationToken);
        await GatewayPair.StartAsync(pair.Here, cancellationToken);
        await pair.LinkIsAsync(up: true, cancellationToken);
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

    private static async Task ReplayAsync(DirectoryInfo folder, Measurement replay, Measurement first, Measurement detected, CancellationToken cancellationToken)
    {
        await using var pair = new GatewayPair(folder);
        await GatewayPair.StartAsync(pair.There, cancellationToken);
        await GatewayPair.StartAsync(pair.Here, cancellationToken);
        await pair.LinkIsAsync(up: true, cancellationToken);
        await WarmUpAsync(pair, ReplayBodyBytes, cancellationToken);

        var killed = Stopwatch.GetTimestamp();
        await pair.There.KillAsync();
        detected.Add(Stopwatch.GetElapsedTime(killed, await pair.LinkIsAsync(up: false, cancellationToken)).TotalSeconds);
        await pair.EnqueueAsync(ReplayMessages, ReplayBodyBytes, cancellationToken);

        pair.There.Start();
        await pair.There.WaitUntilLinkedAsync(cancellationToken);
        var listening = Stopwatch.GetTimestamp();
        var began = await pair.ArrivedAsync(WarmUpMessages + 1, cancellationToken);
        first.Add(Stopwatch.GetElapsedTime(listening, began).TotalSeconds);
        var ended = await pair.ArrivedAsync(WarmUpMessages + ReplayMessages, cancellationToken);
        replay.Add(ReplayMessages / Stopwatch.GetElapsedTime(began, ended).TotalSeconds);
    }

    private static DirectoryInfo Fresh(DirectoryInfo folder)
    {
        if (folder.Exists) folder.Delete(recursive: true);
        folder.Create();
        folder.Refresh();
        return folder;
    }

    private static void AddRow(Table table, string what, Measurement rate, int bodyBytes, Measurement raw) => table.AddRow(
        what,
        rate.Median.ToString("N0", CultureInfo.InvariantCulture),
        (rate.Median * bodyBytes / 1e6).ToString("0.0", CultureInfo.InvariantCulture),
        (rate.Median * bodyBytes / raw.Median).ToString("0.000", CultureInfo.InvariantCulture));
}
