using Gateway.Cli.Demo.Ledger;
using Gateway.Client;

namespace Gateway.Tests.Crash;

/// <summary>A receiving application within the test: completes what it is given, many at a time, and keeps the books.</summary>
internal sealed class TestConsumer(GatewayClient client, string queue, Reckoning reckoning)
{
    private const int Prefetch = 128;

    /// <summary>Receives until it is cancelled; returns when every completion it asked for has come to an end.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        var completions = new Queue<Task>();
        try
        {
            await foreach (var message in client.ReceiveAsync(queue, new ReceiveOptions { Prefetch = Prefetch }, cancellationToken))
            {
                var intact = DemoBody.TryRead(message.Body.Span, out var sequence);
                completions.Enqueue(CompleteAsync(message, reckoning.Deliver(sequence, intact)));
                while (completions.Count > Prefetch || (completions.TryPeek(out var oldest) && oldest.IsCompleted))
                    await completions.Dequeue();
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // The only way in which receiving ends.
        }

        await Task.WhenAll(completions);
    }

    private async Task CompleteAsync(ReceivedMessage message, Reckoning.Delivery delivery)
    {
        try
        {
            await message.CompleteAsync(CancellationToken.None);
            reckoning.End(delivery, Reckoning.Outcome.Completed);
        }
        catch (GatewayException failure) when (failure.Reason == GatewayError.LeaseLost)
        {
            reckoning.End(delivery, Reckoning.Outcome.InDoubt);
        }
    }
}
