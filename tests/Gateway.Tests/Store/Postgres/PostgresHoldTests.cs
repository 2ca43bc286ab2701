using System.Globalization;
using Gateway.Store.Disk.Files;
using Gateway.Store.Disk.Log;
using Gateway.Store.Postgres;
using Gateway.Store.Records;
using Gateway.Tests.Crash;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;
using Shouldly;
using Xunit;

namespace Gateway.Tests.Store.Postgres;

/// <summary>One store has one holder: whoever was displaced, knowingly or not, writes nothing more.</summary>
[Kind(Kind.Process)]
[Needs("postgresql")]
public sealed class PostgresHoldTests(SharedPostgres shared) : IClassFixture<SharedPostgres>, IDisposable
{
    private readonly string _schema = SharedPostgres.NewSchema();
    private readonly List<PostgresBlockStore> _opened = [];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private PostgresSettings Settings => new(shared.Server.ConnectionString(), _schema, "one") { OutageMax = TimeSpan.FromSeconds(20) };

    public void Dispose() => _opened.ForEach(blocks => blocks.Dispose());

    [Fact]
    public void ASecondHolder_IsRefused_WhileTheFirstLives()
    {
        Begin(Open(Settings));

        var refused = Should.Throw<StoreInUseException>(() => Open(Settings));

        refused.Message.ShouldContain($"in use by process {Environment.ProcessId} on {Environment.MachineName}");
        refused.Message.ShouldContain("name of its own");
    }

    [Fact]
    public void StoresOfOtherNames_ShareTheSchema()
    {
        var (one, two) = (Open(Settings), Open(Settings with { Store = "two" }));
        Begin(one);
        Begin(two);
        one.Write([Group(1)], []);

        two.Read(new BlockId(BlockKind.Group, 1)).ShouldBeNull();
        one.Read(new BlockId(BlockKind.Group, 1)).ShouldBe(Group(1).Bytes);
    }

    [Fact]
    public async Task ASilentHolder_IsDisplaced_AndCannotWriteOneByte()
    {
        var first = Open(Settings);
        Begin(first);
        first.Write([Group(1)], []);

        // To the second one, the first is silent at once.
        var second = Open(Settings with { Lease = TimeSpan.Zero });
        second.Write([Group(2)], []);
        var failed = Should.Throw<StoreFailedException>(() => first.Write([Group(3)], []));

        failed.Message.ShouldContain("was taken over by another gateway");
        Should.Throw<StoreFailedException>(() => first.Write([Group(4)], []));
        second.ReadFrom(BlockKind.Group, 0).Select(block => block.Id.Number).ShouldBe([1, 2]);
        (await CountAsync()).ShouldBe(2);
    }

    /// <summary>Its connection still exists, as that of a host which was cut off and came back.</summary>
    [Theory]
    [InlineData("write")]
    [InlineData("event")]
    [InlineData("roll")]
    [InlineData("drop")]
    public async Task ADisplacedHolder_WhoseConnectionStillExists_ChangesNothing(string what)
    {
        var holder = Open(Settings);
        Begin(holder);
        holder.Write([Group(1)], []);
        holder.Roll(2, [Identity()]);
        await shared.Server.ExecuteAsync($"UPDATE {_schema}.stores SET epoch = epoch + 1, holder = 'somebody else'");

        var failed = Should.Throw<StoreFailedException>(() =>
        {
            if (what == "write") holder.Write([Group(2)], []);
            else if (what == "event") holder.Write([new Block(new BlockId(BlockKind.Event, 1), [1])], []);
            else if (what == "roll") holder.Roll(9, [Identity()]);
            else holder.Drop(1);
        });

        failed.Message.ShouldContain("somebody else");
        (await CountAsync()).ShouldBe(1);
        (await shared.Server.ScalarAsync<long>($"SELECT count(*) FROM {_schema}.beside")).ShouldBe(0);
        (await shared.Server.ScalarAsync<long>($"SELECT count(*) FROM {_schema}.volumes")).ShouldBe(2);
        (await shared.Server.ScalarAsync<string>($"SELECT to_regclass('{_schema}.volume_1_9')::text")).ShouldBeNull();
    }

    [Fact]
    public async Task ConnectionsCutAtAnyMoment_LoseNoGroup_AndRepeatNone()
    {
        var holder = Open(Settings);
        Begin(holder);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Token);
        var random = new Random(1);
        var cuts = 0;
        var cutting = Task.Run(async () =>
        {
            while (!stop.IsCancellationRequested)
            {
                await Task.Delay(random.Next(1, 40), CancellationToken.None);
                await shared.Server.ExecuteAsync("SELECT pg_terminate_backend(l.pid) FROM pg_locks l WHERE l.locktype = 'advisory' "
                    + $"AND l.classid = '{_schema}.stores'::regclass::oid");
                cuts++;
            }
        }, Token);

        for (var group = 1; group <= 400; group++)
            holder.Write([Group(group), new Block(new BlockId(BlockKind.Event, group), [1, 2])], [new BlockId(BlockKind.Event, group - 5)]);
        await stop.CancelAsync();
        await cutting;

        cuts.ShouldBeGreaterThan(5);
        holder.ReadFrom(BlockKind.Group, 0).Select(block => block.Id.Number).ShouldBe(Enumerable.Range(1, 400).Select(n => (long)n));
        foreach (var block in holder.ReadFrom(BlockKind.Group, 0)) block.Bytes.ShouldBe(Group((int)block.Id.Number).Bytes);
        holder.ReadFrom(BlockKind.Event, 0).Select(block => block.Id.Number).ShouldBe(Enumerable.Range(396, 5).Select(n => (long)n));
    }

    [Fact]
    public async Task ACommitWhoseAnswerIsLost_IsFoundAgain()
    {
        await using var line = TcpProxy.To(shared.Server.Port);
        var holder = Open(Through(line));
        Begin(holder);
        holder.Write([Group(1)], []);

        line.SwallowsAnswers = true;
        var writing = Task.Run(() => holder.Write([Group(2)], []), Token);
        await PostgresServer.UntilAsync("the server has committed", async () => await CountAsync() == 2);
        writing.IsCompleted.ShouldBeFalse();
        line.SwallowsAnswers = false;
        line.Reset();
        await writing;

        holder.Write([Group(3)], []);
        holder.ReadFrom(BlockKind.Group, 0).Select(block => block.Id.Number).ShouldBe([1, 2, 3]);
    }

    [Fact]
    public async Task AHolderBehindACutConnection_IsDisplaced_AndNotOneWriteOfItArrives()
    {
        await using var line = TcpProxy.To(shared.Server.Port);
        var cut = Open(Through(line));
        Begin(cut);
        cut.Write([Group(1)], []);
        line.SwallowsAnswers = true;
        var writing = Task.Run(() => cut.Write([Group(2)], []), Token);
        await PostgresServer.UntilAsync("the server has committed what was on its way", async () => await CountAsync() == 2);

        var other = Open(Settings with { Lease = TimeSpan.Zero });
        other.Write([Group(3)], []);
        line.SwallowsAnswers = false;
        line.Reset();

        (await Should.ThrowAsync<StoreFailedException>(writing)).Message.ShouldContain("was taken over by another gateway");
        Should.Throw<StoreFailedException>(() => cut.Write([Group(4)], []));
        other.ReadFrom(BlockKind.Group, 0).Select(block => block.Id.Number).ShouldBe([1, 2, 3]);
    }

    [Fact]
    public void ABacklog_IsReadManyGroupsAtATime()
    {
        var holder = Open(Settings);
        Begin(holder);
        for (var group = 1; group <= 100; group++) holder.Write([Group(group)], []);

        for (var group = 1; group <= 100; group++)
        {
            holder.Read(new BlockId(BlockKind.Group, group), Enumerable.Range(group + 1, 100).Select(next => (long)next))
                .ShouldBe(Group(group).Bytes);
        }

        holder.Queries.ShouldBeLessThan(10);
    }

    private static Block Identity() => new(new BlockId(BlockKind.Identity, 1), [1, 2, 3]);

    private static Block Group(int number)
    {
        var bytes = new byte[100 + (number * 7 % 3000)];
        new Random(number).NextBytes(bytes);
        return new Block(new BlockId(BlockKind.Group, number), bytes);
    }

    private PostgresSettings Through(TcpProxy line) => Settings with
    {
        ConnectionString = new NpgsqlConnectionStringBuilder(shared.Server.ConnectionString())
        { Host = "127.0.0.1", Port = new Uri(line.Address).Port }.ConnectionString,
    };

    private static void Begin(PostgresBlockStore blocks) => blocks.Roll(1, [Identity()]);

    private PostgresBlockStore Open(PostgresSettings settings)
    {
        var blocks = PostgresBlockStore.Open(settings, mayMake: true, TimeProvider.System, NullLoggerFactory.Instance);
        _opened.Add(blocks);
        return blocks;
    }

    private Task<long> CountAsync() => shared.Server.ScalarAsync<long>(string.Create(
        CultureInfo.InvariantCulture, $"SELECT count(*) FROM {_schema}.volume_1_1 WHERE kind = {(int)BlockKind.Group}"));
}
