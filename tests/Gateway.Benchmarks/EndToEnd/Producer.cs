using System.Buffers.Binary;
using System.Diagnostics;
using Gateway.Client;

namespace Gateway.Benchmarks.EndToEnd;

/// <summary>The producing application: sends messages that carry the time at which they were, or should have been, sent.</summary>
internal sealed class Producer(GatewayClient client, string destination)
{
    private const int CallsAtOnce = 4096;
    private const int BatchBytesMax = 512 * 1024;
    private const int BatchMessagesMax = 500;
    private const int BatchesAtOnce = 4;
    private const long TickNs = 1_000_000;

    /// <summary>As fast as receipts come, each message in a call of its own.</summary>
    public async Task InCallsAsync(int messages, int bodyBytes, CancellationToken cancellationToken)
    {
        var left = messages;
        await Task.WhenAll(Enumerable.Range(0, CallsAtOnce).Select(_ => Task.Run(
            async () =>
            {
                while (Interlocked.Decrement(ref left) >= 0)
                    await client.EnqueueAsync(destination, Body(bodyBytes, Stopwatch.GetTimestamp()), cancellationToken: cancellationToken);
            },
            cancellationToken)));
    }

    /// <summary>As fast as receipts come, many messages in a call.</summary>
    public async Task InBatchesAsync(int messages, int bodyBytes, CancellationToken cancellationToken)
    {
        var batchMessages = Math.Clamp(BatchBytesMax / bodyBytes, 1, BatchMessagesMax);
        var left = messages;
        await Task.WhenAll(Enumerable.Range(0, BatchesAtOnce).Select(_ => Task.Run(
            async () =>
            {
                while (Interlocked.Add(ref left, -batchMessages) + batchMessages is > 0 and var open)
                {
                    var now = Stopwatch.GetTimestamp();
                    await client.EnqueueAsync(destination, [.. Enumerable.Range(0, Math.Min(open, batchMessages))
                        .Select(_ => new OutgoingMessage { Body = Body(bodyBytes, now) })], cancellationToken);
                }
            },
            cancellationToken)));
    }

    /// <summary>
    /// At a steady rate, whatever the receipts do: some every millisecond. A message carries the time at which it was due, so that nothing
    /// is left out when the gateway is slow for a while.
    /// </summary>
    public async Task AtRateAsync(int messages, int bodyBytes, double perSecond, CancellationToken cancellationToken)
    {
        var calls = new List<Task>(messages);
        await Task.Factory.StartNew(
            () =>
            {
                var start = Stopwatch.GetTimestamp();
                for (var tick = 1L; calls.Count < messages; tick++)
                {
                    var due = start + (tick * TickNs);
                    PreciseClock.SleepUntil(due);
                    var target = Math.Min(messages, (int)(tick * perSecond * TickNs / 1e9));
                    while (calls.Count < target)
                        calls.Add(client.EnqueueAsync(destination, Body(bodyBytes, due), cancellationToken: cancellationToken).AsTask());
                }
            },
            cancellationToken,
            TaskCreationOptions.LongRunning,
            TaskScheduler.Default);
        await Task.WhenAll(calls);
    }

    private static byte[] Body(int bytes, long time)
    {
        var body = new byte[bytes];
        BinaryPrimitives.WriteInt64LittleEndian(body, time);
        return body;
    }
}
