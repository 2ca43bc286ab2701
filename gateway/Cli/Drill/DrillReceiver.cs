using Gateway.Cli.Demo.Ledger;
using Gateway.Cli.Shell;
using Gateway.Client;

namespace Gateway.Cli.Drill;

/// <summary>
/// The receiving application of a drill, at the far gateway. It takes its messages one at a time and records each delivery and completion.
/// Messages left by earlier drills are taken and counted; other messages are left alone.
/// </summary>
internal sealed class DrillReceiver(GatewayClient client, Guid drill, DemoBook book)
{
    private const int Prefetch = 64;

    private readonly string _drill = drill.ToString("N");
    private long _left;

    /// <summary>Messages of earlier drills.</summary>
    public long Left => Volatile.Read(ref _left);

    /// <summary>Receives until it is stopped.</summary>
    /// <exception cref="CommandLineException">The queue holds messages of others.</exception>
    public async Task RunAsync(CancellationToken stop)
    {
        var delivery = 0L;
        try
        {
            await foreach (var message in client.ReceiveAsync(DrillMessages.Queue, new ReceiveOptions { Prefetch = Prefetch }, stop))
            {
                if (!message.Headers.TryGetValue(DrillMessages.Header, out var of)) throw Foreign(message);
                if (of == _drill)
                {
                    await TakeAsync(message, ++delivery);
                    continue;
                }

                await message.CompleteAsync(stop);
                Interlocked.Increment(ref _left);
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // Receiving ends in no other way.
        }
    }

    private async Task TakeAsync(ReceivedMessage message, long delivery)
    {
        var isIntact = DemoBody.TryRead(message.Body.Span, out var sequence);
        await book.EnterAsync(ledger => ledger.Delivered(delivery, sequence, isIntact, TimeSpan.Zero));
        try
        {
            await message.CompleteAsync(CancellationToken.None);
            await book.EnterAsync(ledger => ledger.Completed(delivery));
        }
        catch (GatewayException failure) when (failure.Reason == GatewayError.LeaseLost)
        {
            await book.EnterAsync(ledger => ledger.CompletionInDoubt(delivery));
        }
    }

    private static CommandLineException Foreign(ReceivedMessage message) => new(
        ExitCode.Failed, $"The queue {DrillMessages.Queue} of the far gateway holds message {message.Id} of {message.Source}, which "
            + $"no drill has sent; it was left there. Take it, or drill without --far-address.");
}
