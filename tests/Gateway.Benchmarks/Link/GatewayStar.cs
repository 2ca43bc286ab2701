using System.Diagnostics;
using System.Globalization;
using Gateway.Cli.Demo.Processes;
using Gateway.Client;

namespace Gateway.Benchmarks.Link;

/// <summary>
/// One sending gateway and its peers, each a process with a store of its own, because a peer is known by the name that its process has. The
/// last of them is the one that gets into trouble.
/// </summary>
internal sealed class GatewayStar : IAsyncDisposable
{
    private const string Queue = "work";
    private const int BatchMessages = 100;
    private const int BatchesAtOnce = 8;

    /// <summary>It has to know all peers as addresses of one host.</summary>
    private const int ConnectionsPerAddressMax = 1000;

    private static readonly TimeSpan _glance = TimeSpan.FromMilliseconds(10);

    private readonly GatewayProcess _sender;
    private readonly List<GatewayProcess> _peers;
    private readonly GatewayProcess _refusing;
    private readonly GatewayClient _client;
    private GatewayProcess _victim;

    public GatewayStar(DirectoryInfo folder, int peers)
    {
        var ports = LoopbackPort.Free(2 + (2 * peers));
        var names = Enumerable.Range(1, peers).Select(number => string.Create(CultureInfo.InvariantCulture, $"peer{number:00}")).ToList();
        var settings = names.Select((name, index) => Settings(folder, name, ports[2 + (2 * index)], ports[3 + (2 * index)]) with
        {
            Peers = new Dictionary<string, string> { ["sender"] = $"tcp://127.0.0.1:{ports[1]}" },
        }).ToList();
        _sender = New(Settings(folder, "sender", ports[0], ports[1]) with
        {
            Peers = settings.ToDictionary(peer => peer.Name, peer => peer.LinksAddress),
            More = new Dictionary<string, string>
            { ["Gateway:Links:ConnectionsPerAddressMax"] = ConnectionsPerAddressMax.ToString(CultureInfo.InvariantCulture) },
        });
        _peers = [.. settings.Select(New)];
        _victim = _peers[^1];
        _refusing = New(settings[^1] with { More = new Dictionary<string, string> { ["Gateway:Store:QueueMessagesMax"] = "1" } });
        _client = new GatewayClient(new GatewayClientOptions
        { Address = _sender.Settings.IntakeAddress, ApplicationName = "benchmark", RequestTimeout = TimeSpan.FromMinutes(5) });
    }

    public IReadOnlyList<int> ProcessIds => [.. _peers.Append(_sender).Select(gateway => gateway.Id), Environment.ProcessId];

    private string VictimName => _victim.Settings.Name;

    /// <summary>Returns when every link is up.</summary>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        foreach (var gateway in _peers.Append(_sender)) gateway.Start();
        foreach (var gateway in _peers.Append(_sender)) await gateway.WaitUntilReadyAsync(cancellationToken);
        await UntilAsync(_peers, queue => queue.Peer!.IsUp, cancellationToken);
    }

    /// <summary>
    /// Gets the last peer into trouble; what comes of it is not waited for, because noticing it is part of what is measured.
    /// </summary>
    public async Task BeginAsync(Trouble trouble, CancellationToken cancellationToken)
    {
        if (trouble == Trouble.Stopped) Signal.StandStill(_victim.Id);
        if (trouble is Trouble.Killed or Trouble.Refusing) await _victim.KillAsync();
        if (trouble != Trouble.Refusing) return;
        _victim = _refusing;
        await StartVictimAsync(cancellationToken);
    }

    /// <summary>Ends the trouble; returns when everything has arrived everywhere.</summary>
    public async Task EndAsync(Trouble trouble, CancellationToken cancellationToken)
    {
        if (trouble == Trouble.Stopped) Signal.GoOn(_victim.Id);
        if (trouble == Trouble.Refusing) await _refusing.KillAsync();
        _victim = _peers[^1];
        if (trouble is Trouble.Killed or Trouble.Refusing) await StartVictimAsync(cancellationToken);
        await UntilAsync(_peers, queue => queue is { Messages: 0, Peer.IsUp: true }, cancellationToken);
    }

    /// <summary>
    /// Sends so many messages to every peer, all in turn, and returns when all but the last one have them on their disks; gives the
    /// seconds.
    /// </summary>
    public Task<double> SendAsync(int messagesEach, int bodyBytes, CancellationToken cancellationToken) =>
        SendAsync(_peers, messagesEach, bodyBytes, cancellationToken);

    /// <summary>Sends all to the first peer, and returns when it has them on its disk; gives the seconds.</summary>
    public Task<double> SendToOneAsync(int messages, int bodyBytes, CancellationToken cancellationToken) =>
        SendAsync([_peers[0]], messages, bodyBytes, cancellationToken);

    public async ValueTask DisposeAsync()
    {
        await _client.DisposeAsync();
        foreach (var gateway in _peers.Append(_sender).Append(_refusing)) await gateway.DisposeAsync();
    }

    private async Task<double> SendAsync(
        IReadOnlyList<GatewayProcess> to, int messagesEach, int bodyBytes, CancellationToken cancellationToken)
    {
        var batch = Enumerable.Repeat(new OutgoingMessage { Body = new byte[bodyBytes] }, BatchMessages).ToList();
        var left = messagesEach / BatchMessages * to.Count;
        var started = Stopwatch.GetTimestamp();
        await Task.WhenAll(Enumerable.Range(0, BatchesAtOnce).Select(async _ =>
        {
            while (Interlocked.Decrement(ref left) is >= 0 and var number)
                await _client.EnqueueAsync($"{Queue}@{to[number % to.Count].Settings.Name}", batch, cancellationToken);
        }));
        await UntilAsync(to.Where(peer => peer.Settings.Name != VictimName), queue => queue.Messages == 0, cancellationToken);
        return Stopwatch.GetElapsedTime(started).TotalSeconds;
    }

    private async Task StartVictimAsync(CancellationToken cancellationToken)
    {
        _victim.Start();
        await _victim.WaitUntilReadyAsync(cancellationToken);
        await UntilAsync([_victim], queue => queue.Peer!.IsUp, cancellationToken);
    }

    /// <summary>Waits until it holds of the queue to each of these peers.</summary>
    private async Task UntilAsync(IEnumerable<GatewayProcess> peers, Func<QueueInfo, bool> holds, CancellationToken cancellationToken)
    {
        foreach (var peer in peers)
        {
            while (!holds(await _client.GetQueueAsync($"{Queue}@{peer.Settings.Name}", cancellationToken)))
                await Task.Delay(_glance, cancellationToken);
        }
    }

    private static GatewayProcessSettings Settings(DirectoryInfo folder, string name, int intakePort, int linksPort) =>
        new() { Name = name, Folder = folder.FullName, IntakePort = intakePort, LinksPort = linksPort };

    private static GatewayProcess New(GatewayProcessSettings settings) => new(settings, TimeProvider.System);
}
