using System.Collections.Concurrent;
using System.Text;
using Gateway.Client;
using Shouldly;
using Xunit;

namespace Gateway.Tests.Crash;

/// <summary>
/// A consumer that is slower than its leases, at a real gateway: each message is delivered once, unless its consumer hangs or the gateway
/// ends.
/// </summary>
[Collection(ProcessCollection.Name)]
public sealed class LeaseTests : ProcessTest
{
    private const int Count = 80;

    private static readonly TimeSpan _handling = TimeSpan.FromMilliseconds(60);
    private static readonly Dictionary<string, string> _shortLeases = new() { ["Gateway:Inbox:Lease"] = "00:00:01" };

    [Fact]
    public async Task Each_of_80_messages_is_delivered_once_though_a_lease_is_shorter_than_the_work_on_a_prefetch()
    {
        var gateway = NewGateways(_shortLeases, "local")[0];
        await gateway.StartReadyAsync(Token);
        await EnqueueAsync(gateway);
        var client = NewClient(gateway);

        var delivered = new List<string>();
        await foreach (var message in client.ReceiveAsync("q", cancellationToken: Token))
        {
            delivered.Add($"{Encoding.UTF8.GetString(message.Body.Span)} {message.Deliveries}");
            await Task.Delay(_handling, Token);
            await message.CompleteAsync(Token);
            if (delivered.Count == Count)
                break;
        }

        delivered.ShouldBe(Enumerable.Range(0, Count).Select(i => $"{i} 1"));
        (await OperatorView.StateAsync(client, Token)).Messages().ShouldBe(0);
    }

    [Fact]
    public async Task One_message_in_hand_for_three_leases_is_completed_by_the_one_who_has_it()
    {
        var gateway = NewGateways(_shortLeases, "local")[0];
        await gateway.StartReadyAsync(Token);
        await NewClient(gateway).EnqueueAsync("q@local", Body("long"), cancellationToken: Token);

        await foreach (var message in NewClient(gateway).ReceiveAsync("q", cancellationToken: Token))
        {
            await Task.Delay(TimeSpan.FromSeconds(3), Token);
            message.IsHeld.ShouldBeTrue();
            await message.CompleteAsync(Token);
            break;
        }
    }

    [Fact]
    public async Task A_consumer_that_hangs_keeps_neither_what_it_has_nor_what_waits_for_it()
    {
        var gateway = NewGateways(_shortLeases, "local")[0];
        await gateway.StartReadyAsync(Token);
        await EnqueueAsync(gateway);
        await using var hanging = NewClient(
            gateway).ReceiveAsync("q", new ReceiveOptions { LeaseRenewalMax = TimeSpan.FromSeconds(2) }, Token).GetAsyncEnumerator(Token);
        (await hanging.MoveNextAsync()).ShouldBeTrue();
        var held = hanging.Current;

        var delivered = new ConcurrentDictionary<string, int>();
        await foreach (var message in NewClient(gateway).ReceiveAsync("q", cancellationToken: Token))
        {
            delivered[Encoding.UTF8.GetString(message.Body.Span)] = message.Deliveries;
            await message.CompleteAsync(Token);
            if (delivered.Count == Count)
                break;
        }

        await UntilAsync("the hanging consumer's client knows", () => !held.IsHeld);
        (await Should.ThrowAsync<GatewayException>(async () => await held.CompleteAsync(Token))).Reason.ShouldBe(GatewayError.LeaseLost);
    }

    [Fact]
    public async Task After_a_restart_of_the_gateway_what_was_held_comes_again_and_nothing_else_does()
    {
        var gateway = NewGateways(_shortLeases, "local")[0];
        await gateway.StartReadyAsync(Token);
        await EnqueueAsync(gateway);

        var completed = new ConcurrentDictionary<string, int>();
        await foreach (var message in NewClient(gateway).ReceiveAsync("q", cancellationToken: Token))
        {
            await Task.Delay(_handling, Token);
            if (completed.Count == Count / 2 && !completed.ContainsKey("restarted"))
            {
                await gateway.KillAsync();
                await gateway.StartReadyAsync(Token);
                completed["restarted"] = 0;
            }

            try
            {
                await message.CompleteAsync(Token);
                completed.AddOrUpdate(Encoding.UTF8.GetString(message.Body.Span), 1, (_, times) => times + 1);
            }
            catch (GatewayException e) when (e.Reason == GatewayError.LeaseLost)
            {
                // It was held when the gateway ended, and comes again.
                message.IsHeld.ShouldBeFalse();
            }

            if (completed.Count == Count + 1)
                break;
        }

        completed.Values.Max().ShouldBe(1);
    }

    private async Task EnqueueAsync(TestGateway gateway)
    {
        var client = NewClient(gateway);
        await client.EnqueueAsync("q@local", [.. Enumerable.Range(0, Count).Select(i => new OutgoingMessage { Body = Body($"{i}") })],
            Token);
    }

    private static ReadOnlyMemory<byte> Body(string text) => Encoding.UTF8.GetBytes(text);
}
