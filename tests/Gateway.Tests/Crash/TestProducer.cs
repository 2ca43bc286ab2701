using System.Threading.Channels;
using Gateway.Cli.Demo.Ledger;
using Gateway.Client;

namespace Gateway.Tests.Crash;

/// <summary>
/// A sending application within the test: sends without a pause, singly and in batches, with some requests on their way at once, until it
/// is told to finish. Holds back while consumers are far behind.
/// </summary>
/// <param name="destination">A queue at a peer, or a route to several.</param>
/// <param name="reckonings">One for each copy of a message.</param>
internal sealed class TestProducer(GatewayClient client, string destination, IReadOnlyList<Reckoning> reckonings, Random random)
{
    private const int UnansweredMax = 16;
    private const int BacklogMax = 1_500;
    private const int BatchMax = 20;

    private static readonly TimeSpan _pause = TimeSpan.FromMilliseconds(2);

    private volatile bool _isFinishing;
    private long _sequence;

    /// <summary>Requests that were answered.</summary>
    public Tally Receipts { get; } = new();

    /// <summary>Sends until <see cref="Finish"/>; returns when the last request is answered.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var unanswered = Channel.CreateBounded<(long First, int Count, Task Answer)>(UnansweredMax);
        var answers = TakeAnswersAsync(unanswered.Reader, stop);
        try
        {
            while (!_isFinishing)
            {
                if (reckonings.Max(reckoning => reckoning.Backlog) > BacklogMax)
                    await Task.Delay(_pause, stop.Token);
                else
                    await unanswered.Writer.WriteAsync(Send(stop.Token), stop.Token);
            }
        }
        finally
        {
            unanswered.Writer.Complete();
            await answers;
        }
    }

    public void Finish() => _isFinishing = true;

    private (long First, int Count, Task Answer) Send(CancellationToken cancellationToken)
    {
        var first = _sequence + 1;
        if (random.Next(8) > 0)
            return (first, 1, client.EnqueueAsync(destination, NextBody(), null, cancellationToken).AsTask());

        var batch = Enumerable.Range(0, random.Next(1, BatchMax)).Select(_ => new OutgoingMessage { Body = NextBody() }).ToArray();
        return (first, batch.Length, client.EnqueueAsync(destination, batch, cancellationToken).AsTask());
    }

    /// <summary>Mostly small; now and then one that fills many pages of the store.</summary>
    private byte[] NextBody()
    {
        var size = random.Next(100) == 0 ? random.Next(50_000, 300_000) : random.Next(DemoBody.HeaderBytes, 2_000);
        return DemoBody.Make(++_sequence, size, random);
    }

    private async Task TakeAnswersAsync(ChannelReader<(long First, int Count, Task Answer)> unanswered, CancellationTokenSource stop)
    {
        try
        {
            await foreach (var (first, count, answer) in unanswered.ReadAllAsync(CancellationToken.None))
            {
                await answer;
                for (var i = 0; i < count; i++)
                {
                    foreach (var reckoning in reckonings)
                        reckoning.Accept(first + i);
                }

                Receipts.Add();
            }
        }
        catch
        {
            // Sending more after a refusal would only put later messages before the refused one.
            await stop.CancelAsync();
            throw;
        }
    }
}
