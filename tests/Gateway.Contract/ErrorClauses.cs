using Gateway.Client;
using Microsoft.Extensions.Options;
using static Gateway.Contract.Conductor;

namespace Gateway.Contract;

/// <summary>What cannot be done is told with a reason.</summary>
internal sealed class ErrorClauses
{
    private readonly Conductor _conductor;

    public ErrorClauses(Conductor conductor) => _conductor = conductor;

    public IEnumerable<Clause> All => new[]
    {
        new Clause("the gateway's refusals have their reasons", RefusalsAsync),
        new Clause("arguments that can never be right are named", ArgumentsAsync),
        new Clause("options that are wrong are all named", Options),
        new Clause("a call can be cancelled", CancelAsync),
        new Clause("a client that is disposed says so", DisposedAsync),
    };

    private async Task RefusalsAsync()
    {
        await using var client = _conductor.NewClient();
        await FailsAsync(GatewayError.NoRoute, async () => await client.EnqueueAsync("orders@nobody", Bytes("x"), null, Limit()));
        await FailsAsync(GatewayError.BadDestination, async () => await client.EnqueueAsync("a b@local", Bytes("x"), null, Limit()));
        await FailsAsync(
            GatewayError.TooLarge, async () => await client.EnqueueAsync("large@local", new byte[8 * 1024 * 1024], null, Limit()));
        await FailsAsync(GatewayError.NoRoute, async () => await client.GetQueueAsync("orders@nobody", Limit()));
    }

    private async Task ArgumentsAsync()
    {
        await using var client = _conductor.NewClient();
        await ThrowsAsync<ArgumentException>(async () => await client.EnqueueAsync("", Bytes("x"), null, Limit()));
        await ThrowsAsync<ArgumentOutOfRangeException>(async () => await client.EnqueueAsync("q", Array.Empty<OutgoingMessage>(), Limit()));
        await ThrowsAsync<ArgumentOutOfRangeException>(async () => await client.PeekAsync("q", count: 0, cancellationToken: Limit()));
        await ThrowsAsync<ArgumentException>(
            async () => await client.EnqueueAsync("q", Bytes("x"), new EnqueueOptions { Key = "" }, Limit()));
    }

    private Task Options()
    {
        try
        {
            _ = new GatewayClient(new GatewayClientOptions { Address = "http://nowhere", PendingRequestsMax = 0 });
        }
        catch (OptionsValidationException e)
        {
            Same(e.Failures.Count(), 2, "the number of faults");
            return Task.CompletedTask;
        }

        throw new BrokenClauseException("wrong options were taken");
    }

    private async Task CancelAsync()
    {
        await using var client = _conductor.NewClient();
        using var cancellation = new CancellationTokenSource();
        await using var messages = client.ReceiveAsync("nothing", cancellationToken: cancellation.Token).GetAsyncEnumerator();
        var next = messages.MoveNextAsync();
        cancellation.Cancel();
        await ThrowsAsync<OperationCanceledException>(async () => await next);
    }

    private async Task DisposedAsync()
    {
        var client = _conductor.NewClient();
        await client.GetGatewayAsync(Limit());
        await client.DisposeAsync();
        await FailsAsync(GatewayError.Disposed, async () => await client.EnqueueAsync("q@local", Bytes("x"), null, Limit()));
    }
}
