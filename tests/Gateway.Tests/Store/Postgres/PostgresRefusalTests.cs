using Gateway.Store.Disk.Log;
using Gateway.Store.Postgres;
using Gateway.Store.Records;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;
using Shouldly;
using Xunit;

namespace Gateway.Tests.Store.Postgres;

/// <summary>A sentence for each thing that keeps a store in PostgreSQL from being opened, and for settings that weaken it.</summary>
[Kind(Kind.Process)]
[Needs("postgresql")]
public sealed class PostgresRefusalTests(SharedPostgres shared) : IClassFixture<SharedPostgres>
{
    private readonly string _schema = SharedPostgres.NewSchema();

    [Fact]
    public void AWrongPassword_IsSaid_WithoutShowingOne()
    {
        var failed = Should.Throw<StoreFailedException>(() => Open(options => options.Password = "not-the-password"));

        failed.Message.ShouldContain($"127.0.0.1:{shared.Server.Port}");
        failed.Message.ShouldContain("password authentication failed for user \"postgres\"");
        failed.Message.ShouldContain("Store:ConnectionString");
        failed.Message.ShouldNotContain("not-the-password");
    }

    [Fact]
    public void AMissingDatabase_IsSaid()
    {
        var failed = Should.Throw<StoreFailedException>(() => Open(options => options.Database = "nowhere"));

        failed.Message.ShouldContain("database \"nowhere\" does not exist");
        failed.Message.ShouldContain("Create the database");
    }

    [Fact]
    public async Task AMissingSchema_ThatMayNotBeMade_IsSaid_WithTheCommandThatMakesIt()
    {
        await shared.Server.ExecuteAsync($"CREATE ROLE {_schema}_user LOGIN PASSWORD '{PostgresServer.Password}'");
        void Work() => Open(options => options.Username = $"{_schema}_user");

        Should.Throw<StoreFailedException>(Work).Message.ShouldContain(
            $"CREATE SCHEMA \"{_schema}\" AUTHORIZATION \"{_schema}_user\";");

        await shared.Server.ExecuteAsync($"CREATE SCHEMA \"{_schema}\" AUTHORIZATION \"{_schema}_user\"");
        Should.NotThrow(Work);
    }

    [Fact]
    public async Task TablesOfANewerVersion_AreRefused()
    {
        Open();
        await shared.Server.ExecuteAsync($"UPDATE {_schema}.format SET version = 99");

        var failed = Should.Throw<StoreFailedException>(() => Open());

        failed.Message.ShouldContain("have version 99; this program knows version 1");
        failed.Message.ShouldContain("or a newer one");
    }

    [Fact]
    public void AServerThatIsAway_MayBeTriedAgain()
    {
        var away = Should.Throw<StoreUnavailableException>(() => Open(options => options.Host = "127.0.0.1:1"));

        away.Message.ShouldContain("127.0.0.1:1");
        away.Message.ShouldContain("refused", Case.Insensitive);
    }

    [Fact]
    public async Task AReadOnlyDatabase_MayBeTriedAgain()
    {
        var name = $"{_schema}_only";
        await shared.Server.ExecuteAsync($"CREATE DATABASE {name}");
        await shared.Server.ExecuteAsync($"ALTER DATABASE {name} SET default_transaction_read_only = on");

        Should.Throw<StoreUnavailableException>(() => Open(options => options.Database = name)).Message.ShouldContain("is read-only");

        await shared.Server.ExecuteAsync($"ALTER DATABASE {name} RESET default_transaction_read_only");
        Should.NotThrow(() => Open(options => options.Database = name));
    }

    [Fact]
    public async Task ADatabaseThatBecomesReadOnly_IsWaitedFor()
    {
        var name = $"{_schema}_becomes";
        await shared.Server.ExecuteAsync($"CREATE DATABASE {name}");
        using var blocks = PostgresBlockStore.Open(Settings(options => options.Database = name), mayMake: true, TimeProvider.System,
            NullLoggerFactory.Instance);
        blocks.Roll(1, [new Block(new BlockId(BlockKind.Identity, 1), [1])]);
        await shared.Server.ExecuteAsync($"ALTER DATABASE {name} SET default_transaction_read_only = on");
        await shared.Server.ExecuteAsync($"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}'");

        var writing = Task.Run(() => blocks.Write([new Block(new BlockId(BlockKind.Group, 1), [1])], []),
            TestContext.Current.CancellationToken);
        await PostgresServer.UntilAsync("the reason is noticed", () =>
            Task.FromResult(blocks.Standing.Outage?.Contains("read-only", StringComparison.Ordinal) == true));
        await shared.Server.ExecuteAsync($"ALTER DATABASE {name} RESET default_transaction_read_only");
        await writing;

        blocks.Standing.Outage.ShouldBeNull();
        blocks.Read(new BlockId(BlockKind.Group, 1)).ShouldBe([1]);
    }

    [Fact]
    public async Task SettingsThatWeakenTheReceipt_AreTold()
    {
        var name = $"{_schema}_weak";
        await shared.Server.ExecuteAsync($"CREATE DATABASE {name}");
        using (var plain = PostgresBlockStore.Open(Settings(options => options.Database = name), mayMake: true, TimeProvider.System,
            NullLoggerFactory.Instance))
        {
            plain.Standing.Weaknesses.ShouldHaveSingleItem().ShouldContain("synchronous_standby_names is empty");
            plain.Obstacle.ShouldBeNull();
        }

        await shared.Server.ExecuteAsync($"ALTER DATABASE {name} SET synchronous_commit = off");
        var settings = Settings(options => options.Database = name) with { RequireSynchronousReplica = true };
        using var weak = PostgresBlockStore.Open(settings, mayMake: true, TimeProvider.System, NullLoggerFactory.Instance);
        weak.Standing.Weaknesses.ShouldHaveSingleItem().ShouldContain("synchronous_commit is off");
        weak.Obstacle!.ShouldContain("Store:RequireSynchronousReplica");
    }

    [Fact]
    public async Task AnOutageThatIsTooLong_EndsTheStore_WithASentence()
    {
        var settings = Settings(_ => { }) with { OutageMax = TimeSpan.FromMilliseconds(600) };
        using var blocks = PostgresBlockStore.Open(settings, mayMake: true, TimeProvider.System, NullLoggerFactory.Instance);
        blocks.Roll(1, [new Block(new BlockId(BlockKind.Identity, 1), [1])]);
        await shared.Server.ExecuteAsync($"ALTER TABLE {_schema}.stores RENAME TO hidden");
        await shared.Server.ExecuteAsync($"CREATE FUNCTION {_schema}.away(int, bigint) RETURNS void LANGUAGE plpgsql AS $$ BEGIN RAISE "
            + "EXCEPTION 'no space' USING ERRCODE = '53100'; END $$");
        await shared.Server.ExecuteAsync($"DROP FUNCTION {_schema}.fence(int, bigint)");
        await shared.Server.ExecuteAsync($"ALTER FUNCTION {_schema}.away(int, bigint) RENAME TO fence");
        await shared.Server.ExecuteAsync($"ALTER TABLE {_schema}.hidden RENAME TO stores");

        var failed = Should.Throw<StoreFailedException>(() => blocks.Write([new Block(new BlockId(BlockKind.Group, 1), [1])], []));

        failed.Message.ShouldContain("(Store:OutageMax)");
        failed.Message.ShouldContain("disk is full");
        Should.Throw<StoreFailedException>(() => blocks.Read(new BlockId(BlockKind.Group, 1)));
    }

    private PostgresSettings Settings(Action<NpgsqlConnectionStringBuilder> change)
    {
        var options = new NpgsqlConnectionStringBuilder(shared.Server.ConnectionString());
        change(options);
        return new PostgresSettings(options.ConnectionString, _schema, "one");
    }

    private void Open(Action<NpgsqlConnectionStringBuilder>? change = null) => PostgresBlockStore.Open(
        Settings(change ?? (_ => { })), mayMake: true, TimeProvider.System, NullLoggerFactory.Instance).Dispose();
}
