using Gateway.Benchmarks.Link;
using Gateway.Client;

namespace Gateway.Benchmarks.EndToEnd;

/// <summary>
/// The whole way: a producer, its gateway, the gateway of the other host, a consumer; all processes of their own but the producer, which is
/// this one.
/// </summary>
internal sealed class Applications : IAsyncDisposable
{
    private readonly GatewayPair _pair;
    private readonly GatewayClient _client;

    private Applications(GatewayPair pair, DirectoryInfo folder)
    {
        _pair = pair;
        _client = new GatewayClient(new GatewayClientOptions
        { Address = pair.Here.Settings.IntakeAddress, ApplicationName = "benchmark producer", PendingRequestsMax = 100_000 });
        Producer = new Producer(_client, $"{GatewayPair.Queue}@there");
        Consumer = new ConsumerProcess(pair.There.Settings.IntakeAddress, GatewayPair.Queue, Path.Combine(folder.FullName, "consumer.log"));
    }

    public Producer Producer { get; }

    public ConsumerProcess Consumer { get; }

    /// <summary>The two gateways, the consumer, and this process, which is the producer.</summary>
    public IReadOnlyList<int> ProcessIds => [_pair.Here.Id, _pair.There.Id, Consumer.Id, Environment.ProcessId];

    /// <summary>Starts all of it, and sends until every process has compiled what it runs.</summary>
    /// <param name="moreHere">Further configuration of the producer's gateway, by full key.</param>
    /// <param name="moreThere">Likewise of the consumer's.</param>
    public static async Task<Applications> StartAsync(DirectoryInfo folder, CancellationToken cancellationToken,
        IReadOnlyDictionary<string, string>? moreHere = null, IReadOnlyDictionary<string, string>? moreThere = null)
    {
        const int WarmUpMessages = 100_000;
        var pair = new GatewayPair(folder, withTls: false, moreHere, moreThere);
        await pair.StartAsync(cancellationToken);
        var applications = new Applications(pair, folder);
        await Warmth.ReachAsync(
            async () =>
            {
                foreach (var send in new[] { applications.Producer.InCallsAsync, applications.Producer.InBatchesAsync })
                {
                    var taking = applications.Consumer.TakeAsync(WarmUpMessages, cancellationToken);
                    await send(WarmUpMessages, Gateway.Benchmarks.EndToEnd.Consumer.TimeBytes, cancellationToken);
                    await taking;
                }
            },
            applications.ProcessIds,
            cancellationToken);
        return applications;
    }

    public async ValueTask DisposeAsync()
    {
        await Consumer.DisposeAsync();
        await _client.DisposeAsync();
        await _pair.DisposeAsync();
    }
}
