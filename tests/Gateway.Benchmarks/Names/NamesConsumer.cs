using System.Diagnostics;
using System.Globalization;
using Gateway.Client;

namespace Gateway.Benchmarks.Names;

/// <summary>
/// The consuming application of many queues: takes one message of each, by a subscription of its own, completes it and ends the
/// subscription; some hundred at once, over several connections.
/// </summary>
internal static class NamesConsumer
{
    public const string Verb = "names-consumer";

    private const int Connections = 4;

    /// <summary>Below what a connection may have by default.</summary>
    private const int SubscriptionsEach = 60;

    /// <summary>
    /// For each line on the input, a name, "each" or "all", and a number: takes so many messages, of queues that are named by the name and
    /// a number from 0 up each, or all of the queue of that name. Ends with its input.
    /// </summary>
    public static async Task<int> RunAsync(string address, TextReader input, TextWriter output, CancellationToken cancellationToken)
    {
        var clients = Enumerable.Range(0, Connections).Select(number =>
            new GatewayClient(new GatewayClientOptions { Address = address, ApplicationName = $"benchmark consumer {number}" })).ToList();
        while (await input.ReadLineAsync(cancellationToken) is { } line)
        {
            var words = line.Split(' ');
            await TakeAsync(clients, words[0], words[1] == "each", int.Parse(words[2], CultureInfo.InvariantCulture), cancellationToken);
            await output.WriteLineAsync(Stopwatch.GetTimestamp().ToString(CultureInfo.InvariantCulture));
        }

        foreach (var client in clients) await client.DisposeAsync();
        return 0;
    }

    private static async Task TakeAsync(
        List<GatewayClient> clients, string name, bool isEach, int count, CancellationToken cancellationToken)
    {
        var next = -1;
        await Task.WhenAll(clients.SelectMany(client => Enumerable.Range(0, SubscriptionsEach).Select(_ => Task.Run(
            async () =>
            {
                while (Interlocked.Increment(ref next) is var number && number < count) await TakeOneAsync(
                    client, isEach ? string.Create(CultureInfo.InvariantCulture, $"{name}{number}") : name, cancellationToken);
            },
            cancellationToken))));
    }

    private static async Task TakeOneAsync(GatewayClient client, string queue, CancellationToken cancellationToken)
    {
        await foreach (var message in client.ReceiveAsync(queue, new ReceiveOptions { Prefetch = 1 }, cancellationToken))
        {
            await message.CompleteAsync(cancellationToken);
            return;
        }
    }
}
