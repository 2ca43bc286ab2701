using System.Buffers.Binary;
using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Gateway.Client;
using HdrHistogram;

namespace Gateway.Benchmarks.EndToEnd;

/// <summary>
/// The consuming application: takes messages of one queue, completes each, many completions under way at once, and keeps how old each was
/// when it came.
/// </summary>
internal static class Consumer
{
    /// <summary>A body begins with the monotonic clock's time at which it was, or should have been, sent.</summary>
    public const int TimeBytes = sizeof(long);

    private const int Prefetch = 4_000;
    private const long LongestNs = 60_000_000_000;
    private const int Digits = 3;
    private const double NsPerMs = 1e6;

    /// <summary>For each number on the input: takes so many messages. Ends with its input.</summary>
    public static async Task<int> RunAsync(
        string address, string queue, TextReader input, TextWriter output, CancellationToken cancellationToken)
    {
        await using var client = new GatewayClient(new GatewayClientOptions { Address = address, ApplicationName = "benchmark consumer" });
        await using var messages = client.ReceiveAsync(queue, new ReceiveOptions { Prefetch = Prefetch }, cancellationToken)
            .GetAsyncEnumerator(cancellationToken);
        while (await input.ReadLineAsync(cancellationToken) is { } line)
        {
            var result = await TakeAsync(messages, int.Parse(line, CultureInfo.InvariantCulture));
            await output.WriteLineAsync(JsonSerializer.Serialize(result));
        }

        return 0;
    }

    private static async Task<ConsumerResult> TakeAsync(IAsyncEnumerator<ReceivedMessage> messages, int count)
    {
        var ages = new LongHistogram(LongestNs, Digits);
        var completing = new List<Task>(count);
        for (var i = 0; i < count && await messages.MoveNextAsync(); i++)
        {
            var message = messages.Current;
            var age = Stopwatch.GetTimestamp() - BinaryPrimitives.ReadInt64LittleEndian(message.Body.Span);
            ages.RecordValue(Math.Clamp(age * 1_000_000_000 / Stopwatch.Frequency, 1, LongestNs));
            completing.Add(message.CompleteAsync().AsTask());
        }

        await Task.WhenAll(completing);
        return new ConsumerResult(Stopwatch.GetTimestamp(), At(50), At(90), At(99), At(99.9), ages.GetMaxValue() / NsPerMs);

        double At(double percentile) => ages.GetValueAtPercentile(percentile) / NsPerMs;
    }
}
