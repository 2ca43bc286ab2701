using Gateway.Client;
using static Gateway.Contract.Conductor;

namespace Gateway.Contract;

/// <summary>What survives the end of the gateway's process. Each clause leaves it running.</summary>
internal sealed class RestartClauses
{
    private readonly Conductor _conductor;

    public RestartClauses(Conductor conductor) => _conductor = conductor;

    public IEnumerable<Clause> All => new[]
    {
        new Clause("a call survives that the gateway is killed, and what was accepted is there", SurviveAsync),
        new Clause("receiving goes on after a kill, and what was held comes again", ReceiveOnAsync),
        new Clause("without a gateway a call is Unavailable, and transient", UnavailableAsync),
        new Clause("a call without an answer is PossiblyAccepted, and is safely repeated", PossiblyAcceptedAsync),
    };

    private async Task SurviveAsync()
    {
        await using var client = _conductor.NewClient();
        await client.EnqueueAsync("survivors@local", Bytes("before"), cancellationToken: Limit());
        await _conductor.Gateway.KillAsync();
        var calls = Enumerable.Range(0, 100)
            .Select(number => client.EnqueueAsync("survivors@local", Bytes($"{number}"), cancellationToken: Limit()).AsTask()).ToList();
        Require(!calls.Exists(call => call.IsCompleted), "a call was answered without a gateway");
        await _conductor.Gateway.StartAsync();
        await Task.WhenAll(calls);
        Same((await client.GetQueueAsync("survivors", Limit())).Messages, 101L, "the number of messages");
        Same(Text((await client.PeekAsync("survivors", count: 1, cancellationToken: Limit()))[0].Body), "before", "the first message");
    }

    private async Task ReceiveOnAsync()
    {
        await using var client = _conductor.NewClient();
        await client.EnqueueAsync("held@local", Bytes("held"), cancellationToken: Limit());
        await using var messages = client.ReceiveAsync("held", cancellationToken: Limit()).GetAsyncEnumerator();
        var held = await NextAsync(messages);
        await _conductor.Gateway.KillAsync();
        await _conductor.Gateway.StartAsync();
        var again = await NextAsync(messages);
        Same(again.Id, held.Id, "the message");
        Require(!held.IsHeld, "the message of the former connection is still held");
        await FailsAsync(GatewayError.LeaseLost, () => held.CompleteAsync(Limit()));
        await again.CompleteAsync(Limit());
        Same((await client.GetQueueAsync("held", Limit())).Messages, 0L, "the number of messages");
    }

    private async Task UnavailableAsync()
    {
        await _conductor.Gateway.KillAsync();
        await using var client = _conductor.NewClient(requestTimeout: TimeSpan.FromMilliseconds(300));
        var failure = await FailsAsync(
            GatewayError.Unavailable, async () => await client.EnqueueAsync("q@local", Bytes("x"), null, Limit()));
        Require(failure.IsTransient, "it is not transient");
        await _conductor.Gateway.StartAsync();
    }

    private async Task PossiblyAcceptedAsync()
    {
        await using var client = _conductor.NewClient(TimeSpan.FromSeconds(1), deadAfter: TimeSpan.FromMinutes(1));
        await client.GetGatewayAsync(Limit());
        await _conductor.Gateway.FreezeAsync();
        var failure = await FailsAsync(
            GatewayError.PossiblyAccepted, async () => await client.EnqueueAsync("possibly@local", Bytes("once"), null, Limit()));
        await _conductor.Gateway.ThawAsync();
        await using var patient = _conductor.NewClient();
        var options = new EnqueueOptions { MessageId = failure.MessageIds.Single() };
        await patient.EnqueueAsync("possibly@local", Bytes("once"), options, Limit());
        Same((await patient.GetQueueAsync("possibly", Limit())).Messages, 1L, "the number of messages");
    }
}
