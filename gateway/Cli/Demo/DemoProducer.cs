using System.Threading.Channels;
using Gateway.Cli.Demo.Ledger;
using Gateway.Client;

namespace Gateway.Cli.Demo;

/// <summary>
/// The sending application of a demo: sends the messages in sequence, evenly over a time, with many in flight. The client library retries
/// requests that a killed gateway leaves unanswered.
/// </summary>
internal sealed class DemoProducer(GatewayClient client, string destination, DemoOptions options, TimeSpan flow, TimeProvider time)
    : IDemoProducer
{
    private const int UnansweredMax = 1_000;

    private static readonly TimeSpan _tick = TimeSpan.FromMilliseconds(10);

    /// <remarks>The client library repeats requests with their ids, so that the gateway accepts each once: none is sent again.</remarks>
    public async Task RunAsync(
        Func<long, ValueTask> onAccepted, Func<long, ValueTask> onSentAgain, CancellationToken cancellationToken)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var unanswered = Channel.CreateBounded<Task<EnqueueReceipt>>(UnansweredMax);
        var answers = TakeAnswersAsync(unanswered.Reader, onAccepted, stop);
        try
        {
            await SendAsync(unanswered.Writer, stop.Token);
        }
        finally
        {
            unanswered.Writer.Complete();
            await answers;
        }
    }

    private async Task SendAsync(ChannelWriter<Task<EnqueueReceipt>> unanswered, CancellationToken cancellationToken)
    {
        var random = new Random(options.Seed);
        var start = time.GetTimestamp();
        using var tick = new PeriodicTimer(_tick, time);

        for (var sequence = 1L; sequence <= options.Messages; sequence++)
        {
            while (time.GetElapsedTime(start) < flow * ((double)sequence / options.Messages))
                await tick.WaitForNextTickAsync(cancellationToken);

            var body = DemoBody.Make(sequence, options.SizeBytes, random);
            await unanswered.WriteAsync(client.EnqueueAsync(destination, body, null, cancellationToken).AsTask(), cancellationToken);
        }
    }

    private static async Task TakeAnswersAsync(
        ChannelReader<Task<EnqueueReceipt>> unanswered, Func<long, ValueTask> onAccepted, CancellationTokenSource stop)
    {
        var sequence = 0L;
        try
        {
            await foreach (var answer in unanswered.ReadAllAsync(CancellationToken.None))
            {
                await answer;
                await onAccepted(++sequence);
            }
        }
        catch
        {
            // After a refusal, further sends would put later messages before the refused one.
            await stop.CancelAsync();
            throw;
        }
    }
}
