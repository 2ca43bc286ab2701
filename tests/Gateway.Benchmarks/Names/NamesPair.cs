using System.Diagnostics;
using System.Globalization;
using Gateway.Benchmarks.Link;
using Gateway.Cli.Demo.Processes;
using Gateway.Client;

namespace Gateway.Benchmarks.Names;

/// <summary>
/// Two gateways and the applications on both sides of them: one that sends, one that takes each message by a subscription of its own, and
/// one that takes all of one queue.
/// </summary>
/// <param name="name">The name of the figures.</param>
/// <param name="folder">For the stores and logs.</param>
/// <param name="isEach">The messages of <see cref="LoadAsync"/> go to a queue each, instead of one for all.</param>
internal sealed class NamesPair(string name, DirectoryInfo folder, bool isEach) : IAsyncDisposable
{
    private const int BodyBytes = 100;
    private const int CallsAtOnce = 512;

    /// <summary>For the load; the one queue after it is another one.</summary>
    private const string LoadQueue = "reply";

    private static readonly TimeSpan _roomPatience = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan _stopPatience = TimeSpan.FromSeconds(30);

    private readonly GatewayPair _pair = new(folder);
    private GatewayClient? _producer;
    private EndToEnd.ConsumerProcess? _one;
    private NamesConsumerProcess? _each;
    private int _sent;

    public string Name => name;

    public IReadOnlyList<GatewayProcess> Gateways => [_pair.Here, _pair.There];

    /// <summary>Starts the gateways and their applications.</summary>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        await _pair.StartAsync(cancellationToken);
        _producer = new GatewayClient(new GatewayClientOptions
        { Address = _pair.Here.Settings.IntakeAddress, ApplicationName = "benchmark producer", PendingRequestsMax = 100_000 });
        var there = _pair.There.Settings.IntakeAddress;
        _one = new EndToEnd.ConsumerProcess(there, GatewayPair.Queue, Path.Combine(folder.FullName, "consumer.log"));
        _each = new NamesConsumerProcess(there, Path.Combine(folder.FullName, "names-consumer.log"));
    }

    /// <summary>So many messages, each taken by a subscription of its own; gives how many a second were completed.</summary>
    public async Task<double> LoadAsync(int messages, CancellationToken cancellationToken)
    {
        // No name is used twice.
        var prefix = isEach ? string.Create(CultureInfo.InvariantCulture, $"{LoadQueue}-{_sent}-") : LoadQueue;
        _sent += messages;
        var started = Stopwatch.GetTimestamp();
        var taking = Started(_each).TakeAsync(prefix, isEach, messages, cancellationToken);
        await EnqueueAsync(
            number => isEach ? string.Create(CultureInfo.InvariantCulture, $"{prefix}{number}") : prefix, messages, cancellationToken);
        return messages / Stopwatch.GetElapsedTime(started, await taking).TotalSeconds;
    }

    /// <summary>So many messages of one queue, all by one subscription; gives how many a second were accepted, and completed.</summary>
    public async Task<(double Accepted, double Completed)> OneQueueAsync(int messages, CancellationToken cancellationToken)
    {
        var started = Stopwatch.GetTimestamp();
        var taking = Started(_one).TakeAsync(messages, cancellationToken);
        await EnqueueAsync(_ => GatewayPair.Queue, messages, cancellationToken);
        var accepted = messages / Stopwatch.GetElapsedTime(started).TotalSeconds;
        return (accepted, messages / Stopwatch.GetElapsedTime(started, (await taking).Ended).TotalSeconds);
    }

    /// <summary>The applications end; the gateways go on.</summary>
    public async Task EndApplicationsAsync()
    {
        if (_each is not null) await _each.DisposeAsync();
        if (_one is not null) await _one.DisposeAsync();
        if (_producer is not null) await _producer.DisposeAsync();
        (_each, _one, _producer) = (null, null, null);
    }

    /// <summary>Ends a gateway and starts it again; gives how long that took until it took connections.</summary>
    public static async Task<TimeSpan> RestartAsync(GatewayProcess gateway, bool isKilled, CancellationToken cancellationToken)
    {
        if (isKilled) await gateway.KillAsync();
        else await gateway.StopAsync(_stopPatience);
        var started = Stopwatch.GetTimestamp();
        gateway.Start();
        await gateway.WaitUntilReadyAsync(cancellationToken);
        return Stopwatch.GetElapsedTime(started);
    }

    public async ValueTask DisposeAsync()
    {
        await EndApplicationsAsync();
        await _pair.DisposeAsync();
    }

    private static T Started<T>(T? application) where T : class =>
        application ?? throw new InvalidOperationException("The applications are not started.");

    private Task EnqueueAsync(Func<int, string> queueOf, int count, CancellationToken cancellationToken)
    {
        var client = Started(_producer);
        var next = -1;
        return Task.WhenAll(Enumerable.Range(0, CallsAtOnce).Select(_ => Task.Run(
            async () =>
            {
                while (Interlocked.Increment(ref next) is var number && number < count)
                    await EnqueueAsync(client, $"{queueOf(number)}@there", cancellationToken);
            },
            cancellationToken)));
    }

    /// <summary>One application may fill so many queues at a time: whoever has done that waits until some are empty.</summary>
    private static async Task EnqueueAsync(GatewayClient client, string destination, CancellationToken cancellationToken)
    {
        var body = new byte[BodyBytes];
        while (true)
        {
            try
            {
                await client.EnqueueAsync(destination, body, cancellationToken: cancellationToken);
                return;
            }
            catch (GatewayException full) when (full.Reason == GatewayError.StoreFull)
            {
                await Task.Delay(_roomPatience, cancellationToken);
            }
        }
    }
}
