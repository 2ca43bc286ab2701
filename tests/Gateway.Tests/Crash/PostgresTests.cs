using System.Diagnostics;
using Gateway.Tests.Store.Postgres;
using Shouldly;
using Xunit;

namespace Gateway.Tests.Crash;

/// <summary>Gateways whose stores are in PostgreSQL, while servers and gateways fail under traffic.</summary>
[Kind(Kind.Process)]
[Needs("postgresql")]
public sealed class PostgresTests(ITestOutputHelper output) : ProcessTest
{
    private static readonly TimeSpan _restartInterval = TimeSpan.FromSeconds(5);

    [Fact]
    public async Task The_primary_is_killed_and_the_standby_promoted_under_traffic_and_nothing_receipted_is_lost()
    {
        var primary = Track(await PostgresServer.StartAsync(Token));
        var standby = Track(await primary.AddStandbyAsync(Token));
        var gateway = NewGateway(primary.ConnectionString(standby));
        await gateway.StartReadyAsync(Token);
        var (producer, producing, reckoning) = await ProduceAsync(gateway, 300);

        await primary.EndAsync("immediate");
        await standby.PromoteAsync(Token);
        await UntilAsync("the gateway has found the promoted server", () => gateway.Process.Output.Contains("is back after"));
        gateway.Process.Ended.IsCompleted.ShouldBeFalse();
        var more = producer.Receipts.Count + 50;
        await UntilAsync("messages are accepted again", () => producer.Receipts.Count > more);

        await BalanceAsync(gateway, producer, producing, reckoning);
    }

    [Fact]
    public async Task A_holder_that_is_killed_again_and_again_has_every_confirmed_group_and_no_half_one()
    {
        var server = Track(await PostgresServer.StartAsync(Token));
        var series = new StoreKillSeries(server.ConnectionString(), seed: 1);

        await Task.Factory.StartNew(() => series.Run(rounds: 50), Token, TaskCreationOptions.LongRunning, TaskScheduler.Default);

        output.WriteLine($"{series.KillsWhileOpening} kills while opening, {series.KillsAtWork} at work, {series.Groups} groups");
        series.KillsAtWork.ShouldBeGreaterThan(10);
    }

    [Fact]
    public async Task A_stopped_holder_that_was_displaced_writes_nothing_when_it_goes_on()
    {
        var server = Track(await PostgresServer.StartAsync(Token));
        var first = NewGateway(server.ConnectionString());
        await first.StartReadyAsync(Token);
        var (producer, producing, reckoning) = await ProduceAsync(first, 100);

        first.Process.Send(TestProcess.UnixSignal.Stop);
        var second = Track(new TestGateway(NewGateways("second")[0].Settings with
        { Name = first.Name, Folder = Directory.CreateDirectory(Path.Combine(Folder, "second")).FullName, More = first.Settings.More }));
        await second.StartReadyAsync(Token);
        var client = NewClient(second);
        await client.EnqueueAsync("of-the-second@one", new byte[] { 7 }, null, Token);
        var groups = await GroupsAsync(server);
        first.Process.Send(TestProcess.UnixSignal.Continue);

        (await InTimeAsync("the first gateway ends", first.Process.Ended)).ShouldBe(1);
        first.Process.Errors.ShouldContain("was taken over by another gateway");
        (await GroupsAsync(server)).ShouldBe(groups);
        producer.Finish();
        producing.IsCompleted.ShouldBeFalse();
        // What was stored and not receipted when the first was stopped is delivered too.
        await ConsumeUntilAsync(second, reckoning, () => reckoning.Faults().All(fault => fault.EndsWith("never accepted")));
    }

    [Fact]
    public async Task A_database_that_is_restarted_every_5_seconds_for_two_minutes_costs_no_message()
    {
        var server = Track(await PostgresServer.StartAsync(Token));
        var gateway = NewGateway(server.ConnectionString());
        await gateway.StartReadyAsync(Token);
        var (producer, producing, reckoning) = await ProduceAsync(gateway, 100);

        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Token);
        var consuming = new TestConsumer(NewClient(gateway), "orders", reckoning).RunAsync(stop.Token);
        var began = Stopwatch.GetTimestamp();
        for (var restarts = 1; Stopwatch.GetElapsedTime(began) < TimeSpan.FromMinutes(2); restarts++)
        {
            await Task.Delay(_restartInterval, Token);
            await server.EndAsync(restarts % 2 == 0 ? "immediate" : "fast");
            await server.RunAsync(Token);
        }

        output.WriteLine($"{producer.Receipts.Count} receipts");
        await stop.CancelAsync();
        await consuming;
        gateway.Process.Ended.IsCompleted.ShouldBeFalse();
        await BalanceAsync(gateway, producer, producing, reckoning);
    }

    [Fact]
    public async Task A_slow_database_makes_a_slow_gateway_and_no_other_fault()
    {
        var server = Track(await PostgresServer.StartAsync(Token));
        var gateway = NewGateway(server.ConnectionString());
        await gateway.StartReadyAsync(Token);
        await server.ExecuteAsync("ALTER FUNCTION gateway.fence(int, bigint) RENAME TO quick_fence");
        await server.ExecuteAsync("CREATE FUNCTION gateway.fence(s int, e bigint) RETURNS void LANGUAGE plpgsql AS $$ BEGIN "
            + "PERFORM pg_sleep(0.2); PERFORM gateway.quick_fence(s, e); END $$");

        var (producer, producing, reckoning) = await ProduceAsync(gateway, 50);

        gateway.Process.Output.ShouldNotContain("is away");
        await BalanceAsync(gateway, producer, producing, reckoning);
    }

    [Fact]
    public async Task While_the_database_is_away_the_intake_is_busy_and_after_too_long_the_gateway_ends()
    {
        var server = Track(await PostgresServer.StartAsync(Token));
        var gateway = NewGateway(server.ConnectionString(), ("OutageMax", "00:00:04"));
        await gateway.StartReadyAsync(Token);
        var client = NewClient(gateway);
        await client.EnqueueAsync("orders@one", new byte[] { 1 }, null, Token);

        await server.EndAsync("fast");
        await UntilAsync("the outage is noticed", () => gateway.Process.Output.Contains("is away"));
        using var http = new HttpClient();
        (await PostAsync(http, gateway)).ShouldContain("the database is away");

        (await InTimeAsync("the gateway ends", gateway.Process.Ended)).ShouldBe(1);
        gateway.Process.Errors.ShouldContain("Store:OutageMax");

        // It waits for the database, and says so, when it is started.
        gateway.Start();
        await UntilAsync("it waits", () => gateway.Process.Output.Contains("cannot be used now"));
        await server.RunAsync(Token);
        await gateway.WaitUntilReadyAsync(Token);
        (await client.PeekAsync("orders", count: 10, cancellationToken: Token)).Count.ShouldBe(1);
    }

    [Fact]
    public async Task A_gateway_that_requires_a_synchronous_standby_takes_nothing_until_there_is_one()
    {
        var server = Track(await PostgresServer.StartAsync(Token));
        var gateway = NewGateway(server.ConnectionString(), ("RequireSynchronousReplica", "true"));
        await gateway.StartReadyAsync(Token);
        using var http = new HttpClient();

        (await PostAsync(http, gateway)).ShouldContain("Store:RequireSynchronousReplica asks for one");
        (await http.GetStringAsync($"{gateway.Api}/api/v1/state", Token)).ShouldContain("waits for no synchronous standby");
        gateway.Process.Output.ShouldContain("The durable receipt is weakened");

        Track(await server.AddStandbyAsync(Token));
        await UntilAsync("messages are accepted", async () => (await PostAsync(http, gateway)).StartsWith("Accepted"));
    }

    private static async Task<string> PostAsync(HttpClient http, TestGateway gateway)
    {
        using var answer = await http.PostAsync($"{gateway.Api}/api/v1/queues/orders@one/messages", new ByteArrayContent([2]), Token);
        return $"{answer.StatusCode} {await answer.Content.ReadAsStringAsync(Token)}";
    }

    private static async Task<long> GroupsAsync(PostgresServer server) =>
        await server.ScalarAsync<long>("SELECT max(number) FROM gateway.volume_1_1 WHERE kind = 0");

    private TestGateway NewGateway(string connectionString, params (string Key, string Value)[] more)
    {
        var settings = new Dictionary<string, string>
        {
            ["Gateway:Store:Engine"] = "PostgreSQL",
            ["Gateway:Store:ConnectionString"] = connectionString,
            ["Gateway:Inbox:DeliveriesMax"] = "1000000",
        };
        foreach (var (key, value) in more) settings[$"Gateway:Store:{key}"] = value;
        return NewGateways(settings, "one")[0];
    }

    private async Task<(TestProducer Producer, Task Producing, Reckoning Reckoning)> ProduceAsync(TestGateway gateway, int receipts)
    {
        var reckoning = new Reckoning("orders");
        var producer = new TestProducer(NewClient(gateway), "orders@one", [reckoning], new Random(1));
        var producing = producer.RunAsync(Token);
        await UntilAsync($"there are {receipts} receipts", () => producing.IsFaulted || producer.Receipts.Count >= receipts);
        if (producing.IsFaulted) await producing;
        return (producer, producing, reckoning);
    }

    private async Task BalanceAsync(TestGateway gateway, TestProducer producer, Task producing, Reckoning reckoning)
    {
        producer.Finish();
        await InTimeAsync("the last receipt comes", producing);
        await ConsumeUntilAsync(gateway, reckoning, () => reckoning.CompletedTally.Count >= reckoning.AcceptedTally.Count);
        // A request that was rejected as busy is sent again after others that were accepted meanwhile.
        reckoning.Faults().Where(fault => !fault.Contains("for the first time after")).ShouldBeEmpty();
        (await InTimeAsync("it stops", gateway.StopAsync())).ShouldBe(0);
    }

    private async Task ConsumeUntilAsync(TestGateway gateway, Reckoning reckoning, Func<bool> isDone)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Token);
        var consuming = new TestConsumer(NewClient(gateway), "orders", reckoning).RunAsync(stop.Token);
        await UntilAsync("all is delivered and completed", isDone);
        await stop.CancelAsync();
        await consuming;
    }
}
