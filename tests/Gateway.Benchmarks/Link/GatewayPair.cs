using System.Diagnostics;
using Gateway.Cli.Demo.Processes;
using Gateway.Client;
using Gateway.Transport.Tls;

namespace Gateway.Benchmarks.Link;

/// <summary>Two gateways as processes of their own, "here" and "there", with a client each; and how to ask them how far they are.</summary>
internal sealed class GatewayPair : IAsyncDisposable
{
    public const string Queue = "work";
    public const int WarmUpMessages = 100_000;

    private const int BatchMessagesMax = 500;
    private const int BatchBytesMax = 1024 * 1024;
    private const int BatchesAtOnce = 8;
    private const int WarmUpBytesMax = 1024;

    private static readonly TimeSpan _glance = TimeSpan.FromMilliseconds(5);

    private readonly Dictionary<GatewayProcess, GatewayClient> _clients = [];

    /// <param name="moreHere">Further configuration of "here", by full key.</param>
    /// <param name="moreThere">Likewise of "there".</param>
    public GatewayPair(DirectoryInfo folder, bool withTls = false, IReadOnlyDictionary<string, string>? moreHere = null,
        IReadOnlyDictionary<string, string>? moreThere = null)
    {
        var ports = LoopbackPort.Free(4);
        var certificates = withTls ? MakeCertificates(Path.Combine(folder.FullName, "certificates")) : null;
        Here = New(folder, certificates, "here", ports[0], ports[1], "there", ports[3], moreHere ?? new Dictionary<string, string>());
        There = New(folder, certificates, "there", ports[2], ports[3], "here", ports[1], moreThere ?? new Dictionary<string, string>());
    }

    public GatewayProcess Here { get; }

    public GatewayProcess There { get; }

    /// <summary>Starts both; returns when the link from "here" is up.</summary>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        foreach (var gateway in new[] { There, Here })
        {
            gateway.Start();
            await gateway.WaitUntilReadyAsync(cancellationToken);
        }

        await LinkIsAsync(link => link.IsUp, cancellationToken);
    }

    /// <summary>Sends so much that both processes have compiled what they run; it stays in the queue "there".</summary>
    public async Task WarmUpAsync(int bodyBytes, CancellationToken cancellationToken)
    {
        await EnqueueAsync(WarmUpMessages, Math.Min(bodyBytes, WarmUpBytesMax), cancellationToken);
        await ArrivedAsync(WarmUpMessages, cancellationToken);
    }

    /// <summary>Messages in a request; what is enqueued is a multiple of it.</summary>
    public static int BatchOf(int bodyBytes) => Math.Min(BatchMessagesMax, BatchBytesMax / bodyBytes / 10 * 10);

    /// <summary>Hands messages over to "here" for "there", in batches, some at once; returns when all are durable.</summary>
    public Task EnqueueAsync(int messages, int bodyBytes, CancellationToken cancellationToken) =>
        EnqueueAsync($"{Queue}@there", messages, bodyBytes, cancellationToken);

    public async Task EnqueueAsync(string destination, int messages, int bodyBytes, CancellationToken cancellationToken)
    {
        var client = ClientOf(Here);
        var body = new byte[bodyBytes];
        var batch = Enumerable.Repeat(new OutgoingMessage { Body = body }, BatchOf(bodyBytes)).ToList();
        var left = messages / batch.Count;
        await Task.WhenAll(Enumerable.Range(0, BatchesAtOnce).Select(async _ =>
        {
            while (Interlocked.Decrement(ref left) >= 0) await client.EnqueueAsync(destination, batch, cancellationToken);
        }));
    }

    /// <summary>Waits until so many messages are in the inbound queue of "there"; gives when that was seen.</summary>
    public async Task<long> ArrivedAsync(long messages, CancellationToken cancellationToken)
    {
        var client = ClientOf(There);
        while ((await client.GetQueueAsync(Queue, cancellationToken)).Messages < messages) await Task.Delay(_glance, cancellationToken);
        return Stopwatch.GetTimestamp();
    }

    /// <summary>Waits until the link from "here" is so; gives when that was seen.</summary>
    public async Task<long> LinkIsAsync(Func<PeerInfo, bool> holds, CancellationToken cancellationToken)
    {
        var client = ClientOf(Here);
        while (!holds((await client.GetQueueAsync($"{Queue}@there", cancellationToken)).Peer!))
            await Task.Delay(_glance, cancellationToken);
        return Stopwatch.GetTimestamp();
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var client in _clients.Values) await client.DisposeAsync();
        await Here.DisposeAsync();
        await There.DisposeAsync();
    }

    private GatewayClient ClientOf(GatewayProcess gateway)
    {
        if (_clients.TryGetValue(gateway, out var known)) return known;
        var client = new GatewayClient(new GatewayClientOptions
        { Address = gateway.Settings.IntakeAddress, ApplicationName = "benchmark", RequestTimeout = TimeSpan.FromMinutes(2) });
        _clients.Add(gateway, client);
        return client;
    }

    private static GatewayProcess New(DirectoryInfo folder, CertificateFolder? certificates, string name, int intake, int links,
        string peer, int peerLinks, IReadOnlyDictionary<string, string> more) => new(
        new GatewayProcessSettings
        {
            Name = name,
            Folder = folder.FullName,
            IntakePort = intake,
            LinksPort = links,
            Peers = new Dictionary<string, string> { [peer] = $"tcp://127.0.0.1:{peerLinks}" },
            More = certificates is null ? more : new Dictionary<string, string>(more)
            {
                ["Gateway:Links:Tls:CertificatePath"] = certificates.CertificatePath(name),
                ["Gateway:Links:Tls:KeyPath"] = certificates.KeyPath(name),
                ["Gateway:Links:Tls:CaPath"] = certificates.CertificatePath(CertificateFolder.Authority),
            },
        },
        TimeProvider.System);

    private static CertificateFolder MakeCertificates(string path)
    {
        var folder = new CertificateFolder(path);
        var maker = new CertificateMaker(TimeProvider.System);
        using var authority = maker.NewAuthority();
        folder.Write(CertificateFolder.Authority, authority);
        foreach (var name in new[] { "here", "there" })
        {
            using var certificate = maker.NewGateway(name, authority, TimeSpan.FromDays(1));
            folder.Write(name, certificate);
        }

        return folder;
    }
}
