using System.Globalization;
using System.Text.Json;
using Spectre.Console;

namespace Gateway.Benchmarks.Link;

/// <summary>
/// Whether one peer that stands still, is gone or refuses costs the others anything: messages go to all peers in turn, and the time counts until all but that one have theirs on disk. The states
/// take turns in each round, beginning with another one each time, so that what changes slowly on the machine hits all alike.
/// </summary>
internal static class ManyPeersBenchmark
{
    private static readonly Trouble[] _troubles = Enum.GetValues<Trouble>();
    private static readonly JsonSerializerOptions _json = new() { WriteIndented = true };

    public static async Task<int> RunAsync(DirectoryInfo folder, int peers, int messagesEach, int bodyBytes, int rounds, FileInfo? json, CancellationToken cancellationToken)
    {
        await using var star = new GatewayStar(Folders.Fresh(folder), peers);
        await star.StartAsync(cancellationToken);
        await star.SendAsync(messagesEach, bodyBytes, cancellationToken);
        await star.EndAsync(Trouble.None, cancellationToken);

        var rates = _troubles.ToDictionary(trouble => trouble, _ => new Measurement());
        var ratios = _troubles.ToDictionary(trouble => trouble, _ => new Measurement());
        for (var round = 0; round < rounds; round++)
        {
            var first = round;
            var inRound = new Dictionary<Trouble, double>();
            foreach (var trouble in _troubles.Select((_, index) => _troubles[(index + first) % _troubles.Length]))
            {
                await star.BeginAsync(trouble, cancellationToken);
                inRound[trouble] = (peers - 1) * messagesEach / await star.SendAsync(messagesEach, bodyBytes, cancellationToken);
                await star.EndAsync(trouble, cancellationToken);
            }

            foreach (var (trouble, rate) in inRound)
            {
                rates[trouble].Add(rate);
                ratios[trouble].Add(rate / inRound[Trouble.None]);
            }
        }

        AnsiConsole.Write(ToTable(peers, rates, ratios));
        if (json is not null) await File.WriteAllTextAsync(json.FullName, JsonSerializer.Serialize(_troubles.Select(Figures), _json), cancellationToken);
        return 0;

        object Figures(Trouble trouble) => new
        {
            trouble = trouble.ToString(),
            peers,
            messagesEach,
            bodyBytes,
            rounds,
            toTheOthersPerSecond = rates[trouble].Median,
            ratioToNone = ratios[trouble].Median,
            ratioLowest = ratios[trouble].Lowest,
        };
    }

    private static Table ToTable(int peers, Dictionary<Trouble, Measurement> rates, Dictionary<Trouble, Measurement> ratios)
    {
        var table = new Table().Title($"One of {peers} peers in trouble: messages to the {peers - 1} others, medians").Border(TableBorder.Simple);
        table.AddColumns("the one is", "messages/s to the others", "of all well, in the same round", "lowest");
        foreach (var trouble in _troubles)
        {
            table.AddRow(
                trouble == Trouble.None ? "well" : trouble.ToString().ToLowerInvariant(),
                rates[trouble].Median.ToString("N0", CultureInfo.InvariantCulture),
                ratios[trouble].Median.ToString("0.000", CultureInfo.InvariantCulture),
                ratios[trouble].Lowest.ToString("0.000", CultureInfo.InvariantCulture));
        }

        return table;
    }
}
