using System.Text;
using System.Text.Json;
using Gateway.Cli.Offline;
using Gateway.Cli.Shell;
using Gateway.Client;
using Gateway.Client.Wire;
using Gateway.Configuration;
using Gateway.Http.Transfer;
using Gateway.Store;
using Gateway.Store.Blocks;
using Gateway.Store.Disk.Files;
using Gateway.Store.Messages;
using Gateway.Tests.Store;
using Microsoft.Extensions.Logging.Abstractions;
using Shouldly;
using Xunit;
using static Gateway.Tests.Store.StoreCommands;

namespace Gateway.Tests.Cli.Offline;

public sealed class StoreBrowseVerbTests : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("store-browse-").FullName;
    private readonly TestTerminal _terminal = new();

    public StoreBrowseVerbTests()
    {
        using var store = MessageStore.Open(
            new LiteBlockStore(new FileDisk(_directory), NullLoggerFactory.Instance), new StoreSettings(), TestStore.FirstId);
        for (var seed = 1; seed <= 9; seed++) store.Execute([Enqueue(Orders, Message(seed, 5))]);
        store.Execute([Inbound(TestStore.FirstId, 0, 1), Reject(Orders, 4, "not wanted")]);
        store.Close();
    }

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Fact]
    public async Task Without_a_queue_the_queues_are_listed()
    {
        (await Run("ls")).ShouldBe(ExitCode.Ok);

        _terminal.Output.ShouldMatch("orders@billing +outgoing +8 ");
        _terminal.Output.ShouldMatch("jobs +inbound +1 ");
    }

    [Fact]
    public async Task Messages_are_listed_in_pages()
    {
        (await Run("ls", "--queue", "orders@billing", "--after", "2", "--limit", "3", "--json")).ShouldBe(ExitCode.Ok);

        var lines = _terminal.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonDocument.Parse(line).RootElement)
            .ToList();
        lines.Select(line => line.GetProperty("number").GetInt64()).ShouldBe([3, 5, 6]);
        lines[0].GetProperty("id").GetString().ShouldBe(Id(3).ToString());
        _terminal.Error.ShouldBe("There may be more: go on with --after 6.\n");
    }

    [Fact]
    public async Task A_queue_is_exported_as_a_running_gateway_does()
    {
        (await Run("export", "orders@billing", "--after", "2", "--header", "kind=test")).ShouldBe(ExitCode.Ok);

        using var reader = new ImportReader(newIds: false);
        var items = _terminal.Output.Split('\n')[..^1].Select(line => reader.Read(Encoding.UTF8.GetBytes(line))).ToList();
        items.OfType<EnqueueItem>().Select(item => item.Id).ShouldBe([.. new[] { 3, 6, 9 }.Select(seed => (MessageId?)Id(seed))]);
        reader.IsEnd.ShouldBeTrue();
        _terminal.Error.ShouldBe("Exported 3 messages.\n");
    }

    [Fact]
    public async Task Dead_letters_are_exported_too_and_nothing_is_exported_without_a_word()
    {
        (await Run("export", "--dead-letters")).ShouldBe(ExitCode.Ok);
        _terminal.Error.ShouldBe("Exported 1 message.\n");
        (await Run("export")).ShouldBe(ExitCode.Usage);
        (await Run("export", "none@billing")).ShouldBe(ExitCode.Failed);
    }

    [Theory]
    [InlineData("3", "--header", "kind=test", "--limit", "1")]
    [InlineData("7", "--id", "00000007")]
    [InlineData("", "--newer-than", "1h")]
    [InlineData("1 2 3 5 6 7 8 9", "--older-than", "1h")]
    [InlineData("", "--size-min", "1000")]
    public async Task Filters_choose(string numbers, params string[] options)
    {
        (await Run(["ls", "--queue", "orders@billing", "--json", .. options])).ShouldBe(ExitCode.Ok);

        string.Join(' ', _terminal.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(line => JsonDocument.Parse(line).RootElement.GetProperty("number").GetInt64())).ShouldBe(numbers);
    }

    [Fact]
    public async Task Dead_letters_are_listed_with_their_reason()
    {
        (await Run("ls", "--dead-letters")).ShouldBe(ExitCode.Ok);

        _terminal.Output.ShouldMatch("orders@billing 4 +rejected .*not wanted");
    }

    [Fact]
    public async Task A_queue_that_is_not_there_is_a_failure_and_two_places_are_wrong_usage()
    {
        (await Run("ls", "--queue", "nobody")).ShouldBe(ExitCode.Failed);
        (await Run("ls", "--queue", "jobs", "--dead-letters")).ShouldBe(ExitCode.Usage);
        (await Run("show", "jobs")).ShouldBe(ExitCode.Usage);
        (await Run("show", "jobs", "77")).ShouldBe(ExitCode.Failed);

        _terminal.Error.ShouldContain("There is no queue nobody");
        _terminal.Error.ShouldContain("Number 77 of inbound jobs is not there.");
    }

    [Fact]
    public async Task One_message_is_shown_whole()
    {
        (await Run("show", "jobs", "1", "--verbose")).ShouldBe(ExitCode.Ok);
        _terminal.Output.ShouldContain($"id: {Id(1)}");
        var ofMessage = _terminal.Output.Length;
        _terminal.Output.ShouldContain("deliveries: ");

        (await Run("show", "--dead-letter", "1", "-v")).ShouldBe(ExitCode.Ok);
        _terminal.Output.ShouldContain($"id: {Id(4)}");
        // The store does not keep how often a dead letter was delivered.
        _terminal.Output[ofMessage..].ShouldNotContain("deliveries");
    }

    [Fact]
    public async Task Damage_is_told_and_nothing_is_written()
    {
        StoreDamage.SettleLog(new FileDisk(_directory), "groups-0000000000000000001");
        var path = Path.Combine(_directory, "groups-0000000000000000001.data");
        var bytes = File.ReadAllBytes(path);
        bytes[bytes.AsSpan().IndexOf(Message(6, 5).Id.Value.ToByteArray(bigEndian: true))] ^= 1;
        File.WriteAllBytes(path, bytes);

        (await Run("ls", "--queue", "orders@billing")).ShouldBe(ExitCode.Damaged);
        (await Run("show", "orders@billing", "6")).ShouldBe(ExitCode.Damaged);

        _terminal.Error.ShouldContain("Group 6 cannot be read; its messages are not listed.");
        _terminal.Error.ShouldContain("Number 6 of outgoing orders@billing cannot be read");
        using var store = OfflineStore.Open(new StorePlace(new DirectoryInfo(_directory), new StoreOptions(), "local"));
        store.Messages.State.DamagedCount.ShouldBe(0);
    }

    private Task<ExitCode> Run(params string[] args) => _terminal.RunAsync([.. new[] { "store" }.Concat(args), "--path", _directory]);
}
