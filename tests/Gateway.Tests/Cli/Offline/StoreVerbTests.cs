using System.Globalization;
using Gateway.Cli.Offline;
using Gateway.Cli.Shell;
using Gateway.Configuration;
using Gateway.Store;
using Gateway.Store.Blocks;
using Gateway.Store.Commands;
using Gateway.Store.Disk.Files;
using Gateway.Store.Messages;
using Gateway.Store.Records;
using Gateway.Tests.Store;
using Microsoft.Extensions.Logging.Abstractions;
using Shouldly;
using Xunit;
using static Gateway.Tests.Store.StoreCommands;

namespace Gateway.Tests.Cli.Offline;

public sealed class StoreVerbTests : IDisposable
{
    private const string First = "groups-0000000000000000001";
    private const int BodyBytes = 20_000;

    private readonly string _directory = Directory.CreateTempSubdirectory("store-verb-").FullName;
    private readonly TestTerminal _terminal = new();

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Theory]
    [InlineData("check")]
    [InlineData("compact")]
    public async Task A_folder_without_a_store_is_refused_and_left_alone(string verb)
    {
        (await _terminal.RunAsync("store", verb, "--path", _directory)).ShouldBe(ExitCode.Failed);

        _terminal.Error.ShouldBe($"There is no store in {_directory}; give its folder with --path.\n");
        Directory.EnumerateFileSystemEntries(_directory).ShouldBeEmpty();
    }

    [Theory]
    [InlineData("check")]
    [InlineData("compact")]
    public async Task A_store_in_use_is_refused_with_the_process_that_has_it(string verb)
    {
        Make(groups: 1);
        using var held = StoreLock.Take(_directory);

        (await _terminal.RunAsync("store", verb, "--path", _directory)).ShouldBe(ExitCode.Failed);

        _terminal.Error.ShouldContain($"process {Environment.ProcessId}.");
    }

    [Fact]
    public async Task Check_of_a_sound_store_says_what_it_holds()
    {
        Make(groups: 3);

        (await _terminal.RunAsync("store", "check", "--path", _directory)).ShouldBe(ExitCode.Ok);

        Figure("volumes").ShouldBe(1);
        Figure("queues").ShouldBe(1);
        Figure("messages").ShouldBe(3);
        Figure("dead letters").ShouldBe(0);
        Figure("damaged").ShouldBe(0);
        _terminal.Output.ShouldEndWith("All is well.\n");
    }

    [Fact]
    public async Task Check_of_a_damaged_store_names_each_fault_and_what_was_lost()
    {
        Make(groups: 3, new QuarantineFirst());
        StoreDamage.SettleLog(new FileDisk(_directory), First);
        Flip(Message(3, BodyBytes).Body[..64].Span);

        (await _terminal.RunAsync("store", "check", "--path", _directory)).ShouldBe(ExitCode.Damaged);

        _terminal.Output.ShouldContain("group 3 cannot be read: page ");
        _terminal.Output.ShouldContain(
            $"Damaged: 1 message of {Orders}, numbers 1, in group 1, found 2025-06-15 15:06:40Z: for a test.");
        Figure("messages").ShouldBe(2);
        Figure("damaged").ShouldBe(1);
    }

    [Fact]
    public async Task A_store_that_cannot_be_opened_is_damaged()
    {
        Make(groups: 3);
        Flip("gateway volume"u8);

        (await _terminal.RunAsync("store", "check", "--path", _directory)).ShouldBe(ExitCode.Damaged);

        _terminal.Error.ShouldStartWith($"The store in {_directory} cannot be opened. ");
    }

    [Fact]
    public async Task Compact_gives_back_what_nobody_needs_and_keeps_the_rest()
    {
        Make(groups: 60, new AcknowledgeCommand(Orders, 59));
        var before = OfflineStore.SizeOf(_directory);

        (await _terminal.RunAsync("store", "compact", "--path", _directory)).ShouldBe(ExitCode.Ok);

        Figure("bytes before").ShouldBeInRange(before, before + 20);
        Figure("bytes").ShouldBeLessThan(before);
        Figure("volumes").ShouldBe(1);
        Figure("messages").ShouldBe(1);
        using var store = OfflineStore.Open(new StorePlace(new DirectoryInfo(_directory), new StoreOptions(), "local"));
        Numbers(store.Messages, Orders).ShouldBe([60]);
        store.Messages.Check().ShouldBeEmpty();
    }

    [Fact]
    public async Task Compact_of_a_store_that_has_lost_messages_says_so()
    {
        Make(groups: 3, new QuarantineFirst());

        (await _terminal.RunAsync("store", "compact", "--path", _directory)).ShouldBe(ExitCode.Damaged);

        Figure("damaged").ShouldBe(1);
        Figure("messages").ShouldBe(2);
    }

    private void Make(int groups, params IReadOnlyList<StoreCommand> commands)
    {
        using var store = MessageStore.Open(
            new LiteBlockStore(new FileDisk(_directory), NullLoggerFactory.Instance), new StoreSettings(), TestStore.FirstId);
        for (var seed = 1; seed <= groups; seed++) store.Execute([Enqueue(Orders, Message(seed, BodyBytes))]);
        store.Execute(commands);
        store.Close();
    }

    /// <summary>Flips a bit of these bytes where they stand in the data file.</summary>
    private void Flip(ReadOnlySpan<byte> found)
    {
        var path = Path.Combine(_directory, First + ".data");
        var bytes = File.ReadAllBytes(path);
        bytes[bytes.AsSpan().IndexOf(found)] ^= 4;
        File.WriteAllBytes(path, bytes);
    }

    private long Figure(string name)
    {
        var row = _terminal.Output.Split('\n').Single(line => line.StartsWith($"{name,-12} ", StringComparison.Ordinal));
        return long.Parse(row[13..].Trim(), NumberStyles.AllowThousands, CultureInfo.InvariantCulture);
    }

    /// <summary>Does the same as the store when it cannot read its first group.</summary>
    private sealed class QuarantineFirst : StoreCommand
    {
        public override void Apply(StoreJournal journal, StoreReader reader) => journal.Quarantine(new Quarantined(1, Noon, "for a test"));
    }
}
