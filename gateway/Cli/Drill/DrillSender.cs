using Gateway.Cli.Demo.Ledger;
using Gateway.Client;

namespace Gateway.Cli.Drill;

/// <summary>
/// The sending application of a drill: sends numbered messages at an even rate, each after the receipt of the previous one, until stopped.
/// </summary>
internal sealed class DrillSender(GatewayClient client, string destination, Guid drill, int rate, DemoBook book, TimeProvider time)
{
    private readonly Dictionary<string, string> _headers = new() { [DrillMessages.Header] = drill.ToString("N") };
    private long _accepted;

    /// <summary>Messages with a receipt.</summary>
    public long Accepted => Volatile.Read(ref _accepted);

    /// <param name="stop">Stops in an orderly way: the message in flight still gets its receipt.</param>
    /// <param name="cancellationToken">Stops at once.</param>
    public async Task RunAsync(CancellationToken stop, CancellationToken cancellationToken)
    {
        var random = new Random(drill.GetHashCode());
        using var either = CancellationTokenSource.CreateLinkedTokenSource(stop, cancellationToken);
        using var tick = new PeriodicTimer(TimeSpan.FromSeconds(1.0 / rate), time);
        try
        {
            for (var sequence = 1L; await tick.WaitForNextTickAsync(either.Token); sequence++)
            {
                var number = sequence;
                var body = DemoBody.Make(number, DrillMessages.BodyBytes, random);
                await client.EnqueueAsync(destination, body, new EnqueueOptions { Headers = _headers }, cancellationToken);
                await book.EnterAsync(ledger => ledger.Accepted(number));
                Volatile.Write(ref _accepted, number);
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            // Stopped between two messages.
        }
    }
}
