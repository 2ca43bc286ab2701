using System.Text;
using System.Threading.Channels;
using Gateway.Cli.Demo.Ledger;
using Gateway.Client;

namespace Gateway.Cli.Demo.Processes;

/// <summary>
/// The receiving application of a demo. It completes what it is given, many at a time, and accounts for each step on
/// <paramref name="output"/>
/// before it goes on to the next (see <see cref="ConsumerReport"/>).
/// </summary>
internal sealed class DemoConsumer(GatewayClient client, Stream output)
{
    private const int InFlightMax = 256;

    public async Task RunAsync(string queue, CancellationToken cancellationToken)
    {
        var completions = Channel.CreateBounded<Task>(InFlightMax);
        var observed = ObserveAsync(completions.Reader);

        var delivery = 0L;
        try
        {
            await foreach (var message in client.ReceiveAsync(queue, new ReceiveOptions { Prefetch = InFlightMax }, cancellationToken))
            {
                delivery++;
                var intact = DemoBody.TryRead(message.Body.Span, out var sequence);
                Report(ConsumerReport.Received(delivery, sequence, message.Deliveries, intact));
                await completions.Writer.WriteAsync(CompleteAsync(message, delivery, cancellationToken), cancellationToken);
            }
        }
        finally
        {
            completions.Writer.Complete();
            await observed;
        }
    }

    private async Task CompleteAsync(ReceivedMessage message, long delivery, CancellationToken cancellationToken)
    {
        try
        {
            await message.CompleteAsync(cancellationToken);
        }
        catch (GatewayException failure)
        {
            Report(ConsumerReport.InDoubt(delivery, failure.Reason.ToString()));
            return;
        }

        Report(ConsumerReport.Completed(delivery));
    }

    private static async Task ObserveAsync(ChannelReader<Task> completions)
    {
        await foreach (var completion in completions.ReadAllAsync())
            await completion;
    }

    /// <summary>Writes each line in one system call, which a pipe takes whole; nothing stays in a buffer of this process.</summary>
    private void Report(string line) => output.Write(Encoding.ASCII.GetBytes(line));
}
