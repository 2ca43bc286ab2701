using Gateway.Client.Wire;
using Shouldly;
using Xunit;
using static Gateway.Tests.Crash.ProcessTest;

namespace Gateway.Tests.Client.Outbox;

/// <summary>What the relay does with rows, and with what the gateway says of them.</summary>
public sealed class OutboxRelayTests : OutboxBenchTest
{
    [Fact]
    public async Task Rows_AreSentInOrder_AndRemoved()
    {
        await Bench.WriteAsync(Token, "orders@billing", "1", "2");
        Bench.Relay();
        await Bench.WriteAsync(Token, "orders@billing", "3", "4");

        await UntilAsync("the outbox is empty", async () => (await Bench.StatusAsync(Token)).Ready == 0);
        Bench.Taken.ShouldBe(["orders@billing 1", "orders@billing 2", "orders@billing 3", "orders@billing 4"]);
    }

    [Fact]
    public async Task ARowRefusedForItself_IsSetAsideWithTheReason_AndTheOthersGoOnInOrder()
    {
        Bench.Refuses = (_, body) => body is "3" or "7" ? WireCode.IdConflict : null;
        await Bench.WriteAsync(Token, "orders@billing", "1", "2", "3", "4", "5", "6", "7", "8");
        Bench.Relay();

        await UntilAsync("two are set aside", async () => await Bench.StatusAsync(Token) is { Ready: 0, Failed: 2 });
        Bench.Taken.Select(taken => taken[^1]).ShouldBe("124568");
        (await Bench.ScalarAsync("SELECT group_concat(attempts || ' ' || error) FROM gateway_outbox", Token))
            .ShouldBe(string.Join(',', Enumerable.Repeat("1 The gateway answered IdConflict: as the test wants", 2)));

        Bench.Refuses = (_, _) => null;
        await using var connection = await Bench.Source.OpenConnectionAsync(Token);
        (await Bench.Outbox.RetryFailedAsync(connection, "audit@billing", Token)).ShouldBe(0);
        (await Bench.Outbox.RetryFailedAsync(connection, "orders@billing", Token)).ShouldBe(2);
        await UntilAsync("they are sent", () => Bench.Taken.Count == 8);
        Bench.Taken.Select(taken => taken[^1]).ShouldBe("12456837");
    }

    [Theory]
    [InlineData(nameof(WireCode.NoRoute))]
    [InlineData(nameof(WireCode.NotAuthorised))]
    [InlineData(nameof(WireCode.StoreFull))]
    public async Task ARefusedDestination_WaitsWithItsOrder_AndHoldsUpNoOther(string code)
    {
        var refuses = true;
        Bench.Refuses = (destination, _) => destination == "orders@billing" && refuses ? Enum.Parse<WireCode>(code) : null;
        await Bench.WriteAsync(Token, "orders@billing", "1", "2");
        await Bench.WriteAsync(Token, "audit@billing", "a");
        Bench.Relay();
        await UntilAsync("two wait", async () => (await Bench.StatusAsync(Token)).Waiting == 2);
        await Bench.WriteAsync(Token, "orders@billing", "3");
        await Bench.WriteAsync(Token, "audit@billing", "b");

        await UntilAsync("three wait", async () => await Bench.StatusAsync(Token) is { Ready: 0, Waiting: 3 });
        await UntilAsync("it is tried again", async () =>
            (long)(await Bench.ScalarAsync("SELECT attempts FROM gateway_outbox ORDER BY id LIMIT 1", Token))! > 2);
        Bench.Taken.ShouldBe(["audit@billing a", "audit@billing b"]);
        (await Bench.ScalarAsync("SELECT error FROM gateway_outbox ORDER BY id LIMIT 1", Token))
            .ShouldBe($"The gateway answered {code}: as the test wants");

        Volatile.Write(ref refuses, false);
        await UntilAsync("all are sent", () => Bench.Taken.Count == 5);
        Bench.Taken.Skip(2).ShouldBe(["orders@billing 1", "orders@billing 2", "orders@billing 3"]);
        await Bench.WriteAsync(Token, "orders@billing", "4");
        await UntilAsync("it goes on as before", () => Bench.Taken.Count == 6);
    }

    [Fact]
    public async Task ARowForADestinationThatWaits_IsSentBehindThoseThatWait_ThoughTheGatewayWouldTakeIt()
    {
        await using var bench = new OutboxBench(retry: TimeSpan.FromSeconds(1));
        await bench.MakeAsync(Token);
        var refuses = true;
        bench.Refuses = (_, _) => refuses ? WireCode.StoreFull : null;
        await bench.WriteAsync(Token, "orders@billing", "1", "2");
        bench.Relay();
        await UntilAsync("two wait", async () => (await bench.StatusAsync(Token)).Waiting == 2);

        Volatile.Write(ref refuses, false);
        await bench.WriteAsync(Token, "orders@billing", "3");
        await UntilAsync("all are sent", () => bench.Taken.Count == 3);
        bench.Taken.Select(taken => taken[^1]).ShouldBe("123");
    }

    [Fact]
    public async Task RowsOfWhichTheGatewaySaysNothing_StayAndAreSentAgain()
    {
        await using var bench = new OutboxBench(timeout: TimeSpan.FromMilliseconds(200)) { IsMute = true };
        await bench.MakeAsync(Token);
        await bench.WriteAsync(Token, "orders@billing", "1", "2");
        bench.Relay();
        await UntilAsync("it says so", () => bench.LogText.Contains("The outbox waits for the gateway", StringComparison.Ordinal));
        (await bench.StatusAsync(Token)).Ready.ShouldBe(2);

        bench.IsMute = false;
        await UntilAsync("they are removed", async () => (await bench.StatusAsync(Token)).Ready == 0);
        bench.Taken.ShouldBe(["orders@billing 1", "orders@billing 2"]);
    }

    [Fact]
    public async Task RowsThatWait_AreFoundByTheNextRelay()
    {
        var refuses = true;
        Bench.Refuses = (_, _) => refuses ? WireCode.NoRoute : null;
        await Bench.WriteAsync(Token, "orders@billing", "1", "2");
        var end = Bench.Relay();
        await UntilAsync("they wait", async () => (await Bench.StatusAsync(Token)).Waiting == 2);
        await end();
        await Bench.WriteAsync(Token, "orders@billing", "3");

        Volatile.Write(ref refuses, false);
        Bench.Relay();
        await UntilAsync("all are sent", () => Bench.Taken.Count == 3);
        Bench.Taken.Select(taken => taken[^1]).ShouldBe("123");
    }

    [Fact]
    public async Task ARowThatIsNoMessage_IsSetAside()
    {
        await Bench.WriteAsync(Token, "orders@billing", "1", "2", "3");
        await Bench.ScalarAsync("UPDATE gateway_outbox SET headers = '[]' WHERE id = 1", Token);
        await Bench.ScalarAsync("UPDATE gateway_outbox SET message_id = 'x' WHERE id = 2", Token);
        Bench.Relay();

        await UntilAsync("two are set aside", async () => await Bench.StatusAsync(Token) is { Ready: 0, Failed: 2 });
        Bench.Taken.ShouldBe(["orders@billing 3"]);
    }

    [Fact]
    public async Task TheSecondRelay_IsActiveWhenTheFirstEnds()
    {
        var end = Bench.Relay();
        await UntilAsync("one is active", () => Bench.LogText.Contains("Relaying the outbox", StringComparison.Ordinal));
        Bench.Relay();
        await UntilAsync("one waits", () => Bench.LogText.Contains("Another relay is active", StringComparison.Ordinal));
        Bench.LogText.Split("Relaying the outbox").Length.ShouldBe(2);

        await end();
        await UntilAsync("the other is active", () => Bench.LogText.Split("Relaying the outbox").Length == 3);
        await Bench.WriteAsync(Token, "orders@billing", "1");
        await UntilAsync("it sends", () => Bench.Taken.Count == 1);
    }

    [Fact]
    public async Task ACommitThroughTheOutbox_WakesTheRelay()
    {
        await using var bench = new OutboxBench(poll: TimeSpan.FromHours(1));
        await bench.MakeAsync(Token);
        bench.Relay();
        await using var connection = await bench.Source.OpenConnectionAsync(Token);
        // Again and again, since a relay that is still at work looks once more by itself.
        for (var i = 1; i <= 10; i++)
        {
            await using (var transaction = await connection.BeginTransactionAsync(Token))
            {
                await bench.Outbox.EnqueueAsync(transaction, "orders@billing", new byte[1], null, Token);
                await bench.Outbox.CommitAsync(transaction, Token);
            }

            await UntilAsync("it is sent and removed", async () => (await bench.StatusAsync(Token)).Ready == 0);
        }

        await bench.WriteAsync(Token, "orders@billing", "last");
        bench.Outbox.Wake();
        await UntilAsync("it is sent", () => bench.Taken.Contains("orders@billing last"));
    }

    [Fact]
    public async Task AMissingTable_IsToldWithAdvice_AndWaitedFor()
    {
        await using var bench = new OutboxBench();
        bench.Relay();
        await UntilAsync("it says so", () => bench.LogText.Contains("CreateSchemaAsync makes it", StringComparison.Ordinal));

        await bench.MakeAsync(Token);
        await bench.WriteAsync(Token, "orders@billing", "1");
        await UntilAsync("it is sent", () => bench.Taken.Count == 1);
    }
}
