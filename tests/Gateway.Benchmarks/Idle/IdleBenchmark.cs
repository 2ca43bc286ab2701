using System.Diagnostics;
using System.Globalization;
using Gateway.Cli.Demo.Processes;

namespace Gateway.Benchmarks.Idle;

/// <summary>
/// The memory and processor time of an idle gateway: with one peer, and with a hundred of which every second one is absent. The gateway
/// has its defaults, the HTTP API included.
/// </summary>
internal static class IdleBenchmark
{
    private const int PeersMany = 100;

    private static readonly TimeSpan _settling = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan _watched = TimeSpan.FromSeconds(30);

    public static async Task<object> RunAsync(BenchmarkSettings settings, CancellationToken cancellationToken)
    {
        var board = new Scoreboard("A gateway at rest");
        var many = settings.Share(PeersMany);
        return await Benchmark.InRoundsAsync(
            board, settings, [AtRest("one peer", 1, 1), AtRest($"{many} peers, half of them dead", many, many / 2)], cancellationToken);

        Step AtRest(string name, int peers, int alive) => new(name, async token =>
        {
            await using var gateways = new Gateways(settings.FreshFolder(), peers, alive);
            await gateways.StartAsync(token);
            await Task.Delay(_settling, token);
            using var process = Process.GetProcessById(gateways.Watched.Id);
            var (before, started) = (process.TotalProcessorTime, Stopwatch.GetTimestamp());
            await Task.Delay(_watched, token);
            process.Refresh();
            board.Add($"{name}: resident memory", "MB", process.WorkingSet64 / 1e6);
            board.Add($"{name}: of a core", "%", 100 * (process.TotalProcessorTime - before) / Stopwatch.GetElapsedTime(started));
        });
    }

    /// <summary>The one that is watched, and those of its peers that live.</summary>
    private sealed class Gateways : IAsyncDisposable
    {
        private readonly List<GatewayProcess> _alive;

        public Gateways(DirectoryInfo folder, int peers, int alive)
        {
            var ports = LoopbackPort.Free(3 + (2 * peers));
            var names = Enumerable.Range(1, peers).Select(number => string.Create(CultureInfo.InvariantCulture, $"peer{number:000}"))
                .ToList();
            Watched = New(
                folder,
                "watched",
                ports[0],
                ports[1],
                names.Select((name, index) => (name, ports[4 + (2 * index)]))
                    .ToDictionary(peer => peer.name, peer => $"tcp://127.0.0.1:{peer.Item2}"),
                new Dictionary<string, string>
                {
                    ["Gateway:Http:Address"] = $"http://127.0.0.1:{ports[2]}",
                    ["Gateway:Links:ConnectionsPerAddressMax"] = "1000"
                });
            _alive = [.. names.Take(alive).Select((name, index) => New(
                folder, name, ports[3 + (2 * index)], ports[4 + (2 * index)], new Dictionary<string, string>
                    { ["watched"] = $"tcp://127.0.0.1:{ports[1]}" }, new Dictionary<string, string>()))];
        }

        public GatewayProcess Watched { get; }

        public async Task StartAsync(CancellationToken cancellationToken)
        {
            foreach (var gateway in _alive.Append(Watched)) gateway.Start();
            foreach (var gateway in _alive.Append(Watched)) await gateway.WaitUntilReadyAsync(cancellationToken);
        }

        public async ValueTask DisposeAsync()
        {
            foreach (var gateway in _alive.Append(Watched)) await gateway.DisposeAsync();
        }

        private static GatewayProcess New(DirectoryInfo folder, string name, int intakePort, int linksPort,
            IReadOnlyDictionary<string, string> peers, IReadOnlyDictionary<string, string> more) => new(
            new GatewayProcessSettings
            {
                Name = name,
                Folder = folder.FullName,
                IntakePort = intakePort,
                LinksPort = linksPort,
                Peers = peers,
                More = more
            }, TimeProvider.System);
    }
}
