using Gateway.Client;
using static Gateway.Contract.Conductor;

namespace Gateway.Contract;

/// <summary>How long a consumer holds a message.</summary>
internal sealed class LeaseClauses
{
    private static readonly TimeSpan _lease = TimeSpan.FromMilliseconds(500);

    private readonly Conductor _conductor;

    public LeaseClauses(Conductor conductor) => _conductor = conductor;

    public IEnumerable<Clause> All => new[]
    {
        new Clause("a lease is renewed for as long as the application works", RenewedAsync),
        new Clause("a lease that is not renewed runs out, and the message comes again", RunOutAsync),
        new Clause("an application renews a lease itself", RenewedByHandAsync),
    };

    private async Task RenewedAsync()
    {
        await using var client = _conductor.NewClient();
        await client.EnqueueAsync("renewed@local", Bytes("long work"), cancellationToken: Limit());
        await using var messages = client.ReceiveAsync("renewed", new ReceiveOptions { Lease = _lease }, Limit()).GetAsyncEnumerator();
        var message = await NextAsync(messages);
        await PassAsync(4);
        Require(message.IsHeld, "the lease was lost");
        await message.CompleteAsync(Limit());
        Same(message.Deliveries, 1, "the number of deliveries");
        Same((await client.GetQueueAsync("renewed", Limit())).Messages, 0L, "the number of messages");
    }

    private async Task RunOutAsync()
    {
        await using var client = _conductor.NewClient();
        await client.EnqueueAsync("run-out@local", Bytes("again"), cancellationToken: Limit());
        var options = new ReceiveOptions { Lease = _lease, LeaseRenewalMax = TimeSpan.Zero };
        await using var messages = client.ReceiveAsync("run-out", options, Limit()).GetAsyncEnumerator();
        var first = await NextAsync(messages);
        var second = await NextAsync(messages);
        Same(second.Deliveries, 2, "the number of deliveries");
        await FailsAsync(GatewayError.LeaseLost, () => first.CompleteAsync(Limit()));
        await second.CompleteAsync(Limit());
    }

    private async Task RenewedByHandAsync()
    {
        await using var client = _conductor.NewClient();
        await client.EnqueueAsync("by-hand@local", Bytes("long work"), cancellationToken: Limit());
        var options = new ReceiveOptions { Lease = _lease, LeaseRenewalMax = TimeSpan.Zero };
        await using var messages = client.ReceiveAsync("by-hand", options, Limit()).GetAsyncEnumerator();
        var message = await NextAsync(messages);
        await message.RenewAsync(TimeSpan.FromMinutes(1), Limit());
        await PassAsync(2);
        await message.CompleteAsync(Limit());
        Same((await client.GetQueueAsync("by-hand", Limit())).Messages, 0L, "the number of messages");
    }

    /// <summary>The time itself is what these clauses are about.</summary>
    private static Task PassAsync(int leases) => Task.Delay((int)_lease.TotalMilliseconds * leases);
}
