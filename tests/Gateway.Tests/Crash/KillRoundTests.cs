using System.Globalization;
using Gateway.Client;
using Shouldly;
using Xunit;

namespace Gateway.Tests.Crash;

/// <summary>
/// Two gateways, producers and consumers under traffic; each round kills something and starts it again, on the same stores. At the end the
/// books must balance. A series is told by its seed: <c>GATEWAY_KILL_SEED</c> is the first (1), <c>GATEWAY_KILL_SERIES</c> their number
/// (2), <c>GATEWAY_KILL_ROUNDS</c> the rounds of each (8); tests/soak.sh runs many.
/// </summary>
[Collection(ProcessCollection.Name)]
public sealed class KillRoundTests(ITestOutputHelper output) : ProcessTest
{
    private const int FirstCommitRounds = 8;

    private static readonly int _rounds = FromEnvironment("GATEWAY_KILL_ROUNDS", 8);

    public static TheoryData<int> Seeds =>
        [.. Enumerable.Range(FromEnvironment("GATEWAY_KILL_SEED", 1), FromEnvironment("GATEWAY_KILL_SERIES", 2))];

    [Theory]
    [MemberData(nameof(Seeds))]
    public async Task What_was_accepted_is_completed_once_and_in_order_whatever_is_killed(int seed)
    {
        output.WriteLine($"seed {seed}, {_rounds} rounds");
        var gateways = NewGateways(
            new Dictionary<string, string>
            {
                ["Gateway:Inbox:DeliveriesMax"] = "1000000",
                ["Gateway:Routes:trade:0"] = "orders@receiver",
                ["Gateway:Routes:trade:1"] = "audit@receiver",
                ["Gateway:Routes:trade:2"] = "kept@sender",
            },
            "sender",
            "receiver");
        var series = Track(new KillSeries(gateways[0], gateways[1], Folder, seed, NewClient, output.WriteLine));

        await InTimeAsync("the first messages come through", series.StartAsync(Token));
        for (var round = 1; round <= _rounds; round++)
            await InTimeAsync($"round {round} of seed {seed}", series.RoundAsync(round, Token));
        await InTimeAsync($"everything comes through after the last round of seed {seed}", series.FinishAsync(Token));

        series.Faults().ShouldBeEmpty();
        foreach (var gateway in gateways)
        {
            (await InTimeAsync($"{gateway.Name} stops", gateway.StopAsync())).ShouldBe(0);
            CheckStore(gateway);
        }
    }

    /// <summary>The engine under the store does not wait for the disk, least of all in the first commits after it was opened.</summary>
    [Fact]
    public async Task A_gateway_killed_right_after_the_first_receipt_of_its_life_has_the_message()
    {
        var gateway = NewGateways("local")[0];
        var client = NewClient(gateway);
        var receipts = new List<MessageId>();

        for (var round = 0; round < FirstCommitRounds; round++)
        {
            gateway.Start();
            var receipt = await InTimeAsync($"receipt {round}", client.EnqueueAsync("first@local", new[] { (byte)round }, null, Token)
                .AsTask());
            await gateway.KillAsync();
            receipts.Add(receipt.MessageId);
        }

        await gateway.StartReadyAsync(Token);
        var messages = await client.PeekAsync("first", count: 100, cancellationToken: Token);
        messages.Select(message => message.Id).ShouldBe(receipts);
        messages.Select(message => (int)message.Body.Span[0]).ShouldBe(Enumerable.Range(0, FirstCommitRounds));
    }

    private static int FromEnvironment(string name, int standard) =>
        Environment.GetEnvironmentVariable(name) is { Length: > 0 } text ? int.Parse(text, CultureInfo.InvariantCulture) : standard;
}
