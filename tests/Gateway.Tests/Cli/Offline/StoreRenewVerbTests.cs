using Gateway.Cli.Offline;
using Gateway.Cli.Shell;
using Gateway.Configuration;
using Gateway.Store;
using Gateway.Store.Blocks;
using Gateway.Store.Commands;
using Gateway.Store.Disk.Files;
using Gateway.Store.Messages;
using Gateway.Store.State;
using Gateway.Tests.Store;
using Microsoft.Extensions.Logging.Abstractions;
using Shouldly;
using Xunit;
using static Gateway.Tests.Store.StoreCommands;

namespace Gateway.Tests.Cli.Offline;

public sealed class StoreRenewVerbTests : IDisposable
{
    private static readonly Guid _peersStore = new("00000000-0000-0000-0000-0000000000bb");

    private readonly string _directory = Directory.CreateTempSubdirectory("store-renew-").FullName;
    private readonly TestTerminal _terminal = new();

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Fact]
    public async Task Without_the_word_it_says_what_would_happen_and_changes_nothing()
    {
        Make(new SentNote(InDoubtUpTo: 2, Reach: 2));

        (await _terminal.RunAsync("store", "renew", "--path", _directory)).ShouldBe(ExitCode.NotConfirmed);

        _terminal.Output.ShouldSatisfyAllConditions(
            text => text.ShouldContain($"The store in {_directory} is {TestStore.FirstId:N}."),
            text => text.ShouldContain("4 messages in 1 outgoing queues go out as new, once."),
            text => text.ShouldContain("gateway store export"),
            text => text.ShouldContain("Nothing was changed."));
        using var store = OfflineStore.Open(new StorePlace(new DirectoryInfo(_directory), new StoreOptions(), "local"));
        store.Messages.StoreId.ShouldBe(TestStore.FirstId);
    }

    [Fact]
    public async Task Each_message_that_waits_is_named_by_its_id_and_whether_it_was_perhaps_sent()
    {
        Make(new SentNote(InDoubtUpTo: 2, Reach: 2));

        (await _terminal.RunAsync("store", "renew", "--path", _directory, "--yes")).ShouldBe(ExitCode.Ok);

        var lines = _terminal.Output.Split('\n').Where(line => line.StartsWith($"{Orders.Name} ", StringComparison.Ordinal)).ToList();
        lines.Count.ShouldBe(4);
        for (var number = 1; number <= 4; number++)
        {
            lines[number - 1].ShouldStartWith($"{Orders.Name} {number} {Id(number)} ");
            lines[number - 1].ShouldEndWith(number <= 2 ? " was perhaps sent" : " was not sent from here");
        }
    }

    [Fact]
    public async Task Of_a_gateway_that_was_killed_with_the_link_up_any_message_was_perhaps_sent()
    {
        Make(sent: null);

        (await _terminal.RunAsync("store", "renew", "--path", _directory, "--yes")).ShouldBe(ExitCode.Ok);

        _terminal.Output.Split('\n').Count(line => line.EndsWith(" was perhaps sent", StringComparison.Ordinal)).ShouldBe(4);
    }

    [Fact]
    public async Task The_store_has_another_identity_and_everything_that_it_held()
    {
        Make(new SentNote(InDoubtUpTo: 2, Reach: 2));

        (await _terminal.RunAsync("store", "renew", "--path", _directory, "--yes")).ShouldBe(ExitCode.Ok);

        (await _terminal.RunAsync("store", "check", "--path", _directory)).ShouldBe(ExitCode.Ok);
        using var store = OfflineStore.Open(new StorePlace(new DirectoryInfo(_directory), new StoreOptions(), "local"));
        store.Messages.StoreId.ShouldNotBe(TestStore.FirstId);
        _terminal.Output.ShouldContain($"The store is now {store.Messages.StoreId:N}.");
        ReadAll(store.Messages, Orders).Select(stored => stored.Message.Id).ShouldBe(Enumerable.Range(1, 4).Select(Id));
        store.Messages.State.Position(_peersStore, "orders").Number.ShouldBe(7);
        store.Messages.State.Marks[MarkNames.RenewedFrom].ShouldBe($"{TestStore.FirstId:N} {store.Messages.StoreId:N}");
        SentNote.Parse(store.Messages.State.Marks[MarkNames.SentUpTo + Orders.Name]).ShouldBe(new SentNote(0, 0));
        RunCount.Next(store.Messages, Guid.NewGuid()).ShouldBe(1);
    }

    [Fact]
    public async Task Renewed_twice_it_is_another_store_again()
    {
        Make(new SentNote(InDoubtUpTo: 0, Reach: 0));
        (await _terminal.RunAsync("store", "renew", "--path", _directory, "--yes")).ShouldBe(ExitCode.Ok);
        var first = IdOf();

        (await _terminal.RunAsync("store", "renew", "--path", _directory, "--yes")).ShouldBe(ExitCode.Ok);

        IdOf().ShouldNotBe(first);
        _terminal.Output.ShouldContain($"The store in {_directory} is {first:N}.");

        Guid IdOf()
        {
            using var store = OfflineStore.Open(new StorePlace(new DirectoryInfo(_directory), new StoreOptions(), "local"));
            return store.Messages.StoreId;
        }
    }

    [Fact]
    public async Task A_folder_without_a_store_is_refused_and_left_alone()
    {
        (await _terminal.RunAsync("store", "renew", "--path", _directory, "--yes")).ShouldBe(ExitCode.Failed);

        _terminal.Error.ShouldBe($"There is no store in {_directory}; give its folder with --path.\n");
        Directory.EnumerateFileSystemEntries(_directory).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_store_in_use_is_refused_with_the_process_that_has_it()
    {
        Make(sent: null);
        using var held = StoreLock.Take(_directory);

        (await _terminal.RunAsync("store", "renew", "--path", _directory, "--yes")).ShouldBe(ExitCode.Failed);

        _terminal.Error.ShouldContain($"process {Environment.ProcessId}.");
    }

    private void Make(SentNote? sent)
    {
        using var store = MessageStore.Open(
            new LiteBlockStore(new FileDisk(_directory), NullLoggerFactory.Instance), new StoreSettings(), TestStore.FirstId);
        RunCount.Next(store, Guid.NewGuid());
        for (var seed = 1; seed <= 4; seed++) store.Execute([Enqueue(Orders, Message(seed, 100))]);
        store.Execute([new StoreInboundCommand(_peersStore, "orders", 0, [new NumberedMessage(7, Message(9, 100))], _ => { })]);
        if (sent is { } note) store.Execute([new NoteSentCommand(Orders, note, done: null)]);
        store.Close();
    }
}
