using Gateway.Client;
using Gateway.Client.Wire;
using Shouldly;
using Xunit;

namespace Gateway.Tests.Client;

/// <summary>
/// A gateway answers and closes the connection, as it does when it stops, while the client's thread is busy. The end is then reported ahead
/// of the answers, and must not go before them. The gateway is gone for good, so that nothing can be asked again. The client also reads by
/// a timer, which hides the fault when it is just due: hence the rounds.
/// </summary>
public sealed class LastAnswersTests
{
    private const int Rounds = 10;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task AReceipt_ThatCameBeforeTheEnd_IsGiven()
    {
        for (var round = 0; round < Rounds; round++)
        {
            await using var gateway = await LeavingGateway.StartAsync(Token);
            var receipt = gateway.Client.EnqueueAsync("q", "one"u8.ToArray(), null, Token).AsTask();
            var asked = await gateway.NextAsync<Request.Enqueue>();

            await gateway.AnswerAndGoAsync(AcceptedOf(asked), new Reply.Goodbye());

            (await receipt).MessageId.ShouldBe(asked.Items[0].Id!.Value);
        }
    }

    /// <summary>More than the client reads at a time.</summary>
    [Fact]
    public async Task ManyReceipts_ThatCameBeforeTheEnd_AreGiven()
    {
        const int Count = 3000;
        await using var gateway = await LeavingGateway.StartAsync(Token);
        var receipts = Task.WhenAll(
            Enumerable.Range(0, Count).Select(_ => gateway.Client.EnqueueAsync("q", "x"u8.ToArray(), null, Token).AsTask()));
        var asked = new List<Request.Enqueue>();
        while (asked.Count < Count) asked.Add(await gateway.NextAsync<Request.Enqueue>());

        await gateway.AnswerAndGoAsync([.. asked.Select(AcceptedOf), new Reply.Goodbye()]);

        (await receipts).Length.ShouldBe(Count);
    }

    /// <summary>It failed as one that may or may not be stored, and the message would have come again.</summary>
    [Fact]
    public async Task ADecision_ThatWasConfirmedBeforeTheEnd_IsNotInDoubt()
    {
        for (var round = 0; round < Rounds; round++)
        {
            await using var gateway = await LeavingGateway.StartAsync(Token);
            await using var messages = gateway.Client.ReceiveAsync("q", cancellationToken: Token).GetAsyncEnumerator(Token);
            var arriving = messages.MoveNextAsync();
            var receive = await gateway.NextAsync<Request.Receive>();
            var message = new DeliveredMessage(MessageId.New(DateTimeOffset.UnixEpoch), 1, default, 1, 0, "fake", "x"u8.ToArray());
            await gateway.SendAsync(new Reply.Delivery(receive.Subscription, new DeliveryToken(1), message));
            (await arriving).ShouldBeTrue();
            var completed = messages.Current.CompleteAsync(Token).AsTask();
            var asked = await gateway.NextAsync<Request.Complete>();

            await gateway.AnswerAndGoAsync(new Reply.Settled(asked.Id));

            await completed;
        }
    }

    private static Reply.Accepted AcceptedOf(Request.Enqueue asked) => new(asked.Id, [.. asked.Items.Select(item => item.Id!.Value)]);
}
