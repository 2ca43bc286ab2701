using System.Globalization;
using System.Text.Json;
using Gateway.Cli.Shell;
using Gateway.Store;
using Gateway.Store.Blocks;
using Gateway.Store.Disk.Files;
using Gateway.Store.Disk.Log;
using Gateway.Store.Messages;
using Gateway.Store.Postgres;
using Gateway.Tests.Store;
using Gateway.Tests.Store.Postgres;
using Microsoft.Extensions.Logging.Abstractions;
using Shouldly;
using Xunit;
using static Gateway.Tests.Store.StoreCommands;

namespace Gateway.Tests.Cli.Offline;

/// <summary>The verbs for a stopped gateway, with its store in PostgreSQL.</summary>
[Kind(Kind.Process)]
[Needs("postgresql")]
public sealed class PostgresVerbTests : IClassFixture<SharedPostgres>, IDisposable
{
    private const int Groups = 40;

    private readonly SharedPostgres _shared;
    private readonly string _directory = Directory.CreateTempSubdirectory("postgres-verb-").FullName;
    private readonly TestTerminal _terminal = new();
    private readonly string _schema = SharedPostgres.NewSchema();

    public PostgresVerbTests(SharedPostgres shared)
    {
        _shared = shared;
        File.WriteAllText(Config, JsonSerializer.Serialize(new
        {
            Gateway = new
            {
                Name = "shop",
                Store = new { Engine = "PostgreSQL", ConnectionString = shared.Server.ConnectionString(), Schema = _schema },
            },
        }));
    }

    private string Config => Path.Combine(_directory, "gateway.json");

    private string Files => Path.Combine(_directory, "files");

    private PostgresSettings Settings => new(_shared.Server.ConnectionString(), _schema, "shop");

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Fact]
    public async Task A_store_is_moved_there_and_back_with_its_identity_and_messages()
    {
        Make();

        (await RunAsync("move", "--from", Files, "--to", "PostgreSQL")).ShouldBe(ExitCode.Ok);
        _terminal.Output.ShouldContain("and compared all of it");
        (await RunAsync("check", "--path", Files)).ShouldBe(ExitCode.Failed);
        _terminal.Error.ShouldContain("It was moved to PostgreSQL at");
        using (var moved = Open()) Verify(moved);

        var back = Path.Combine(_directory, "back");
        (await RunAsync("move", "--from", "PostgreSQL", "--to", back)).ShouldBe(ExitCode.Ok);
        Should.Throw<StoreFailedException>(() => Open().Dispose()).Message.ShouldContain($"It was moved to {back}.");
        using (var files = MessageStore.Open(
            new LiteBlockStore(new FileDisk(back), NullLoggerFactory.Instance), new StoreSettings(), Guid.Empty)) Verify(files);

        // What was left in the database makes room for it when it comes again.
        (await RunAsync("move", "--from", back, "--to", "PostgreSQL")).ShouldBe(ExitCode.Ok);
        using var again = Open();
        Verify(again);
    }

    [Fact]
    public async Task A_move_refuses_what_is_open_what_is_there_and_what_is_not()
    {
        Make();
        using (StoreLock.Take(Files)) (await RunAsync("move", "--from", Files, "--to", "PostgreSQL")).ShouldBe(ExitCode.Failed);
        (await RunAsync("move", "--from", Files, "--to", "elsewhere")).ShouldBe(ExitCode.Usage);
        (await RunAsync("move", "--from", "PostgreSQL", "--to", Path.Combine(_directory, "new"))).ShouldBe(ExitCode.Failed);
        using (var open = Open())
        {
            (await RunAsync("move", "--from", Files, "--to", "PostgreSQL")).ShouldBe(ExitCode.Failed);
            _terminal.Error.ShouldContain("is in use by process");
        }

        (await RunAsync("move", "--from", Files, "--to", "PostgreSQL")).ShouldBe(ExitCode.Failed);
        _terminal.Error.ShouldContain("There is a store in PostgreSQL at");
        File.Exists(Path.Combine(Files, "store.moved")).ShouldBeFalse();
    }

    [Fact]
    public async Task A_move_that_was_not_finished_keeps_the_store_closed_and_is_repeated()
    {
        Make();
        using (var begun = PostgresBlockStore.Open(Settings, mayMake: true, TimeProvider.System, NullLoggerFactory.Instance))
            begun.Close("A move into it was begun and not finished; repeat 'gateway store move'.");

        Should.Throw<StoreFailedException>(() => Open().Dispose()).Message.ShouldContain("repeat 'gateway store move'");
        (await RunAsync("move", "--from", Files, "--to", "PostgreSQL")).ShouldBe(ExitCode.Ok);
        using var moved = Open();
        Verify(moved);
    }

    [Fact]
    public async Task Its_messages_are_listed_shown_exported_and_compacted()
    {
        using (var store = Open())
        {
            Fill(store);
            store.Execute([new Gateway.Store.Commands.AcknowledgeCommand(Orders, Groups - 1)]);
            store.Close();
        }

        (await RunAsync("check")).ShouldBe(ExitCode.Ok);
        _terminal.Output.ShouldEndWith("All is well.\n");
        (await RunAsync("ls")).ShouldBe(ExitCode.Ok);
        _terminal.Output.ShouldContain("orders@billing");
        (await RunAsync("ls", "--queue", "orders@billing", "--json")).ShouldBe(ExitCode.Ok);
        _terminal.Output.ShouldContain($"\"number\":{Groups}");
        (await RunAsync("show", "orders@billing", Groups.ToString(CultureInfo.InvariantCulture))).ShouldBe(ExitCode.Ok);
        (await RunAsync("export", "orders@billing")).ShouldBe(ExitCode.Ok);
        _terminal.Error.ShouldContain("Exported 1 message.");
        (await RunAsync("compact")).ShouldBe(ExitCode.Ok);
        (await RunAsync("check")).ShouldBe(ExitCode.Ok);
    }

    [Fact]
    public async Task What_can_be_read_of_a_damaged_store_is_saved_into_files()
    {
        using (var store = Open()) Fill(store);
        await _shared.Server.ExecuteAsync(
            $"UPDATE {_schema}.volume_1_1 SET bytes = set_byte(bytes, 60, get_byte(bytes, 60) # 4) WHERE kind = 0 AND number = 7");
        (await RunAsync("check")).ShouldBe(ExitCode.Damaged);

        var saved = Path.Combine(_directory, "saved");
        (await RunAsync("repair", "--to", saved)).ShouldBe(ExitCode.Damaged);

        _terminal.Output.ShouldContain("gateway store move --from");
        using var repaired = MessageStore.Open(
            new LiteBlockStore(new FileDisk(saved), NullLoggerFactory.Instance), new StoreSettings(), Guid.Empty);
        ReadAll(repaired, Orders).Count.ShouldBe(Groups - 1);
        Directory.Exists(saved + ".copied").ShouldBeFalse();
    }

    [Fact]
    public async Task A_configuration_without_a_connection_is_said()
    {
        File.WriteAllText(Config, """{ "Gateway": { "Store": { "Engine": "PostgreSQL" } } }""");

        (await RunAsync("check")).ShouldBe(ExitCode.Usage);

        _terminal.Error.ShouldContain("Gateway:Store:ConnectionString is empty");
    }

    private static void Fill(MessageStore store)
    {
        for (var seed = 1; seed <= Groups; seed++) store.Execute([Enqueue(Orders, Message(seed, bodyBytes: 3_000))]);
    }

    private static void Verify(MessageStore store)
    {
        store.StoreId.ShouldBe(TestStore.FirstId);
        store.Check().ShouldBeEmpty();
        ReadAll(store, Orders).Select(stored => stored.Message.Id).ShouldBe(
            Enumerable.Range(1, Groups).Select(seed => Message(seed, bodyBytes: 3_000).Id));
        store.State.Find(Orders)!.LastNumber.ShouldBe(Groups);
    }

    private void Make()
    {
        Directory.CreateDirectory(Files);
        using var store = MessageStore.Open(
            new LiteBlockStore(new FileDisk(Files), NullLoggerFactory.Instance), new StoreSettings(), TestStore.FirstId);
        Fill(store);
        store.Close();
    }

    private MessageStore Open() => MessageStore.Open(
        PostgresBlockStore.Open(Settings, mayMake: true, TimeProvider.System, NullLoggerFactory.Instance), new StoreSettings(),
        TestStore.FirstId);

    private Task<ExitCode> RunAsync(string verb, params string[] arguments) =>
        _terminal.RunAsync(["store", verb, .. arguments, "--config", Config]);
}
