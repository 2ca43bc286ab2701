using Gateway.Links.Causes;
using Gateway.Links.Protocol;
using Shouldly;
using Xunit;

namespace Gateway.Tests.Crash;

/// <summary>The story that this gateway is for.</summary>
[Kind(Kind.Process)]
public sealed class RestartedPeerTests : LinkTest
{
    private const int KillsMax = 10;

    [Fact]
    public async Task A_receiving_gateway_that_crashes_under_traffic_is_PeerRestarted_and_nothing_is_lost_out_of_order_or_left_in_doubt()
    {
        var (near, far) = NewPair(Quick);
        var client = await StartAsync(near, far);
        var books = new Reckoning("orders");
        var producer = new TestProducer(NewClient(near), "orders@far", [books], new Random(1));
        using var consumed = new CancellationTokenSource();
        var producing = Task.Run(() => producer.RunAsync(Token), Token);
        var consuming = Task.Run(() => new TestConsumer(NewClient(far), "orders", books).RunAsync(consumed.Token), Token);

        // A kill can find every message acknowledged; then there is nothing in doubt, and it takes another.
        var doubts = new List<(InDoubt Before, InDoubt After)>();
        for (var kill = 0; kill < KillsMax && doubts.Count == 0; kill++)
        {
            await InTimeAsync("messages come through", Task.WhenAny(books.CompletedTally.MoreAsync(500, Token), producing, consuming)
                .Unwrap());
            var killed = Now;
            await far.KillAsync();
            var end = await UntilEndAsync(client, killed);
            await far.StartReadyAsync(Token);
            var back = await UntilUpAsync(client, LinkCause.PeerRestarted, killed);
            back.Evidence.ShouldContain($"incarnation {back.Incarnation:N}");
            if (end.InDoubt.Count == 0) continue;
            var resolved = await UntilResolvedAsync(client, killed);
            resolved.InDoubt.Select(doubt => (doubt.Queue, doubt.First)).ShouldBe(end.InDoubt.Select(doubt => (doubt.Queue, doubt.First)));
            doubts.AddRange(end.InDoubt.Zip(resolved.InDoubt));
        }

        producer.Finish();
        await InTimeAsync("the last receipts", producing);
        await UntilEmptyAsync(books, client, NewClient(far));
        await consumed.CancelAsync();
        await InTimeAsync("the consumer ends", consuming);

        books.Faults().ShouldBeEmpty();
        books.AcceptedTally.Count.ShouldBeGreaterThan(500);
        doubts.ShouldNotBeEmpty();
        doubts.ShouldAllBe(doubt => doubt.After.StoredThere + doubt.After.SentAgain == doubt.Before.Messages);
        (await OperatorView.LinkAsync(client, Far)).InDoubt.ShouldBeEmpty();
        (await ExplainAsync(near)).ShouldContain("stored there already");
        (await InTimeAsync("it stops", near.StopAsync())).ShouldBe(0);
        (await InTimeAsync("it stops", far.StopAsync())).ShouldBe(0);
        CheckStore(near);
        CheckStore(far);
    }
}
