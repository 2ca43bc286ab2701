using System.Diagnostics;
using System.Globalization;
using Gateway.Client.Outbox;
using Gateway.Client.Outbox.PostgreSql;
using Gateway.Tests.Store.Postgres;
using Npgsql;
using Shouldly;
using Xunit;

namespace Gateway.Tests.Crash;

/// <summary>Outboxes at a real gateway: two relays, clocks that jump, a gateway that is killed, a large backlog.</summary>
[Collection(ProcessCollection.Name)]
public sealed class OutboxTests(ITestOutputHelper output) : OutboxTest
{
    private const int Backlog = 100_000;
    private const int BodyBytes = 2_048;
    private const string Active = "Relaying the outbox";
    private const string Standby = "Another relay is active";

    [Fact]
    public Task Of_two_relays_one_is_active_with_SQLite() => TwoRelaysAsync(SqlitePath);

    [Fact]
    [Needs("postgresql")]
    public async Task Of_two_relays_one_is_active_with_PostgreSQL() =>
        await TwoRelaysAsync(Track(await PostgresServer.StartAsync(Token)).ConnectionString());

    [Fact]
    [Needs("postgresql")]
    public async Task A_relay_goes_on_after_its_database_crashed_and_its_gateway_too()
    {
        var server = Track(await PostgresServer.StartAsync(Token));
        var database = server.ConnectionString();
        await BeginAsync(database);
        var relay = StartApplication(database, first: OutboxProcess.WritesNothing);
        await UntilAsync("it is active", () => relay.Output.Contains(Active));
        await WriteForAWhileAsync(database, 1);

        await server.EndAsync("immediate");
        await server.RunAsync(Token);
        await Gateway.KillAsync();
        await Gateway.StartReadyAsync(Token);
        await WriteForAWhileAsync(database, 1_000_000);

        relay.Output.ShouldContain("The database of the outbox gateway_outbox failed");
        relay.CloseInput();
        (await InTimeAsync("the relay ends", relay.Ended)).ShouldBe(0);
        await FinishAsync(database);
    }

    [Fact]
    [Needs("postgresql")]
    public async Task A_row_committed_elsewhere_is_sent_at_once_with_PostgreSQL()
    {
        var database = Track(await PostgresServer.StartAsync(Token)).ConnectionString();
        await BeginAsync(database);
        await using var source = OutboxProcess.SourceOf(database);
        var outbox = new GatewayOutbox(new() { PollInterval = TimeSpan.FromHours(1) });
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Token);
        var signal = new PostgreSqlOutboxSignal((NpgsqlDataSource)source);
        var relay = new OutboxRelay(outbox, source, NewClient(Gateway), signal).RunAsync(stop.Token);

        // The relay's process is not the one that writes; its own interval is an hour.
        for (var i = 1; i <= 3; i++)
        {
            await WriteForAWhileAsync(database, i * 1_000_000);
            await UntilAsync("all are sent", async () => await ScalarAsync(source, "SELECT count(*) FROM gateway_outbox") == 0);
        }

        await stop.CancelAsync();
        await InTimeAsync("the relay ends", relay);
        await FinishAsync(database);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    [Needs("gcc", "postgresql")]
    public async Task Clocks_set_forward_and_back_change_nothing(bool inPostgres)
    {
        var database = inPostgres ? Track(await PostgresServer.StartAsync(Token)).ConnectionString() : SqlitePath;
        await BeginAsync(database);
        var clock = Path.Combine(Folder, "ahead");
        SetClock(clock, TimeSpan.Zero);
        var start = OutboxProcess.Start(database, Gateway.Address, OutboxProcess.Never, 1, 1);
        var application = Track(TestProcess.Start(
            new ProcessStartInfo("/usr/bin/env",
                [await PreloadedShim.MakeAsync("clock", Folder), $"CLOCK_AHEAD={clock}", start.FileName, .. start.ArgumentList]),
            Path.Combine(Folder, "application.log")));
        var second = StartApplication(database, first: OutboxProcess.WritesNothing);

        foreach (var hours in (int[])[48, -48, 0])
        {
            var before = Arrived;
            await UntilArrivedAsync(before + 100);
            SetClock(clock, TimeSpan.FromHours(hours));
        }

        await UntilArrivedAsync(Arrived + 100);
        await UntilAsync("one waits", () => (application.Output + second.Output).Contains(Standby));
        (application.Output + second.Output).Split(Active).Length.ShouldBe(2);
        (application.Output + second.Output).Split(Standby).Length.ShouldBe(2);
        application.CloseInput();
        (await InTimeAsync("the application ends", application.Ended)).ShouldBe(0);
        second.CloseInput();
        (await InTimeAsync("the relay ends", second.Ended)).ShouldBe(0);
        await FinishAsync(database);
    }

    [Fact]
    public Task A_backlog_drains_in_bounded_memory_with_SQLite() => DrainAsync(SqlitePath,
        $"WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {Backlog}) INSERT INTO gateway_outbox "
        + "(message_id, destination, body) SELECT lower(printf('%08x-0000-7000-8000-%012x', i, i)), 'kept@local', "
        + $"zeroblob({BodyBytes}) FROM n");

    [Fact]
    [Needs("postgresql")]
    public async Task A_backlog_drains_in_bounded_memory_with_PostgreSQL() => await DrainAsync(
        Track(await PostgresServer.StartAsync(Token)).ConnectionString(),
        "INSERT INTO gateway_outbox (message_id, destination, body) SELECT gen_random_uuid(), 'kept@local', "
        + $"decode(repeat('00', {BodyBytes}), 'hex') FROM generate_series(1, {Backlog})");

    private static void SetClock(string path, TimeSpan ahead)
    {
        using var file = File.OpenHandle(path, FileMode.OpenOrCreate, FileAccess.Write, FileShare.ReadWrite);
        RandomAccess.Write(file, BitConverter.GetBytes((long)ahead.TotalSeconds), 0);
    }

    /// <summary>Both write and relay; the active one is killed again and again, and another one is started.</summary>
    private async Task TwoRelaysAsync(string database)
    {
        await BeginAsync(database);
        var active = StartApplication(database, first: 1);
        await UntilAsync("the first is active", () => active.Output.Contains(Active));
        for (var round = 1; round <= 4; round++)
        {
            var standby = StartApplication(database, first: round * 1_000_000);
            await UntilAsync("the other one waits", () => standby.Output.Contains(Standby));
            standby.Output.ShouldNotContain(Active);
            await UntilArrivedAsync(Arrived + 50);

            await active.KillAsync();
            await UntilAsync("the other one is active", () => standby.Output.Contains(Active));
            active = standby;
        }

        await active.KillAsync();
        await FinishAsync(database, isInOrder: false);
    }

    /// <summary>A process that writes, and is killed after some commits.</summary>
    private async Task WriteForAWhileAsync(string database, int first)
    {
        await using var writer = StartApplication(database, "committed", 100, first);
        await InTimeAsync("it has written", writer.Ended);
    }

    private async Task DrainAsync(string database, string fill)
    {
        await BeginAsync(database);
        await using var source = OutboxProcess.SourceOf(database);
        await using (var connection = await source.OpenConnectionAsync(Token))
            await ExecuteAsync(connection, fill);
        var began = Stopwatch.GetTimestamp();
        await using var relay = StartApplication(database, first: OutboxProcess.WritesNothing);
        await UntilAsync("it is drained", async () => await ScalarAsync(source, "SELECT count(*) FROM gateway_outbox") == 0);
        var took = Stopwatch.GetElapsedTime(began);
        var peak = PeakBytes(relay.Id);

        output.WriteLine($"{Backlog / took.TotalSeconds:N0} messages a second, peak memory {peak >> 20} MiB");
        (await NewClient(Gateway).GetQueueAsync("kept", Token)).Messages.ShouldBe(Backlog);
        peak.ShouldBeLessThan((long)Backlog * BodyBytes);
    }

    /// <summary>The most memory that a process has had at once.</summary>
    private static long PeakBytes(int process)
    {
        var line = File.ReadLines($"/proc/{process}/status").Single(line => line.StartsWith("VmHWM:", StringComparison.Ordinal));
        return long.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture) * 1024;
    }
}
