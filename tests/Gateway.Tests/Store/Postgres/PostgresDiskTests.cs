using Gateway.Store.Postgres;
using Gateway.Store.Records;
using Gateway.Tests.Crash;
using Microsoft.Extensions.Logging.Abstractions;
using Shouldly;
using Xunit;

namespace Gateway.Tests.Store.Postgres;

/// <summary>The disk under the database is damaged, or full.</summary>
[Kind(Kind.Process)]
[Needs("postgresql", "root")]
public sealed class PostgresDiskTests : IAsyncDisposable
{
    private const int Groups = 60;
    private const int PageBytes = 8192;

    private readonly string _folder = Directory.CreateTempSubdirectory("gateway-postgres-disk-").FullName;
    private PostgresServer? _server;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask DisposeAsync()
    {
        if (_server is not null) await _server.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task ADamagedPage_CostsTheBlocksOnItAlone()
    {
        Tool.RequireRoot();
        _server = await PostgresServer.StartAsync(Token);
        using (var blocks = Open())
        {
            Begin(blocks);
            for (var group = 1; group <= Groups; group++) blocks.Write([Group(group)], []);
        }

        await _server.ExecuteAsync("CHECKPOINT");
        var path = await _server.ScalarAsync<string>("SELECT pg_relation_filepath('gateway.volume_1_1')");
        await _server.EndAsync("fast");
        _server.Flip(path!, (5 * PageBytes) + 4000);
        await _server.RunAsync(Token);

        using var damaged = Open();
        var lost = new List<long>();
        for (var number = 1; number <= Groups; number++)
        {
            try
            {
                damaged.Read(new BlockId(BlockKind.Group, number), Enumerable.Range(number + 1, 10).Select(next => (long)next))
                    .ShouldBe(Group(number).Bytes);
            }
            catch (DamagedBlockException damage)
            {
                damage.Why.ShouldContain("invalid page in block 5");
                lost.Add(number);
            }
        }

        lost.Count.ShouldBeInRange(1, 4);
        damaged.Check().ShouldHaveSingleItem().ShouldContain("cannot be read: invalid page in block 5");
        damaged.Write([Group(Groups + 1)], []);
    }

    [Fact]
    public async Task AFullDatabase_IsWaitedFor_AndSaid()
    {
        _server = await PostgresServer.StartAsync(Token);
        await using var disk = await TinyFileSystem.MountAsync(Path.Combine(_folder, "tiny"), megabytes: 32);
        var space = Directory.CreateDirectory(Path.Combine(disk.Path, "space")).FullName;
        await PostgresServer.GiveAsync(space, Token);
        // The user of the server may pass through this one, too.
        await PostgresServer.GiveAsync(_folder, Token);
        await _server.ExecuteAsync($"CREATE TABLESPACE tiny LOCATION '{space}'");
        await _server.ExecuteAsync("ALTER DATABASE postgres SET default_tablespace = tiny");
        using var blocks = Open();
        Begin(blocks);
        disk.FillUp();

        var writing = Task.Run(() =>
        {
            for (var group = 1; group <= Groups; group++) blocks.Write([Group(group)], []);
        }, Token);
        await PostgresServer.UntilAsync("the full disk is noticed", () =>
            Task.FromResult(writing.IsCompleted || blocks.Standing.Outage?.Contains("disk is full", StringComparison.Ordinal) == true));
        writing.IsCompleted.ShouldBeFalse();
        disk.RemoveFiller();
        await writing;

        blocks.Standing.Outage.ShouldBeNull();
        blocks.ReadFrom(BlockKind.Group, 0).Count().ShouldBe(Groups);
    }

    private static void Begin(PostgresBlockStore blocks) => blocks.Roll(1, [new Block(new BlockId(BlockKind.Identity, 1), [1])]);

    private static Block Group(int number)
    {
        var bytes = new byte[3000];
        new Random(number).NextBytes(bytes);
        return new Block(new BlockId(BlockKind.Group, number), bytes);
    }

    private PostgresBlockStore Open() => PostgresBlockStore.Open(
        new PostgresSettings(_server!.ConnectionString(), "gateway", "one"), mayMake: true, TimeProvider.System,
        NullLoggerFactory.Instance);
}
