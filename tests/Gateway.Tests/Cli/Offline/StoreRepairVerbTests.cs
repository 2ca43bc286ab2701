using System.Text.Json;
using Gateway.Cli.Offline;
using Gateway.Cli.Shell;
using Gateway.Configuration;
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

public sealed class StoreRepairVerbTests : IDisposable
{
    private const string First = "groups-0000000000000000001";

    private readonly string _directory = Directory.CreateTempSubdirectory("store-repair-").FullName;
    private readonly TestTerminal _terminal = new();

    public StoreRepairVerbTests()
    {
        using var store = MessageStore.Open(
            new LiteBlockStore(new FileDisk(Old), NullLoggerFactory.Instance), new StoreSettings(), TestStore.FirstId);
        for (var seed = 1; seed <= 6; seed++) store.Execute([Enqueue(Orders, Message(seed, 20_000))]);
        store.Close();
    }

    private string Old => Path.Combine(_directory, "data");

    private string New => Path.Combine(_directory, "data-repaired");

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Fact]
    public async Task A_store_that_is_refused_names_the_repair_which_saves_what_can_be_read()
    {
        StoreDamage.SettleLog(new FileDisk(Old), First);
        Flip(First + ".data", "gateway volume"u8);
        Flip(First + ".data", Message(3, 20_000).Body[..64].Span);
        Flip(First + ".log", Message(3, 20_000).Body[..64].Span);
        (await _terminal.RunAsync("store", "check", "--path", Old)).ShouldBe(ExitCode.Damaged);
        _terminal.Error.ShouldContain("gateway store repair");
        var before = Directory.GetFiles(Old, "*.*").Where(file => Path.GetExtension(file) is ".data" or ".log")
            .ToDictionary(file => file, file => Convert.ToHexString(File.ReadAllBytes(file)));

        (await _terminal.RunAsync("store", "repair", "--from", Old)).ShouldBe(ExitCode.Damaged);

        foreach (var (file, bytes) in before) Convert.ToHexString(File.ReadAllBytes(file)).ShouldBe(bytes);
        _terminal.Output.ShouldContain("outgoing orders@billing: 5 messages recovered, 1 missing or gone before: numbers 3.");
        _terminal.Output.ShouldContain($"{First}.data: the file header is not what was written there.");
        File.ReadAllText(Path.Combine(New, "repair.txt")).ShouldContain("numbers 3.");
        (await _terminal.RunAsync("store", "check", "--path", New)).ShouldBe(ExitCode.Ok);
        using var store = OfflineStore.Open(new StorePlace(new DirectoryInfo(New), new StoreOptions(), "local"));
        store.Messages.StoreId.ShouldBe(TestStore.FirstId);
        ReadAll(store.Messages, Orders).Select(stored => (stored.Number, stored.Message.Id))
            .ShouldBe(new long[] { 1, 2, 4, 5, 6 }.Select(number => (number, Id((int)number))));
    }

    [Fact]
    public async Task A_sound_store_is_copied_and_told_in_json()
    {
        (await _terminal.RunAsync("store", "repair", "--from", Old, "--to", Path.Combine(_directory, "new"), "--json"))
            .ShouldBe(ExitCode.Ok);

        var report = JsonDocument.Parse(_terminal.Output).RootElement;
        report.GetProperty("complete").GetBoolean().ShouldBeTrue();
        report.GetProperty("queues")[0].GetProperty("recovered").GetInt64().ShouldBe(6);
        Directory.GetDirectories(_directory).Length.ShouldBe(2);
    }

    [Fact]
    public async Task A_folder_without_a_store_a_full_target_and_a_running_gateway_are_refused()
    {
        (await _terminal.RunAsync("store", "repair", "--from", _directory)).ShouldBe(ExitCode.Failed);
        (await _terminal.RunAsync("store", "repair", "--from", Old, "--to", _directory)).ShouldBe(ExitCode.Failed);
        using (StoreLock.Take(Old)) (await _terminal.RunAsync("store", "repair", "--from", Old)).ShouldBe(ExitCode.Failed);

        _terminal.Error.ShouldContain("There is no store in");
        _terminal.Error.ShouldContain($"{_directory} is not empty.");
        _terminal.Error.ShouldContain($"process {Environment.ProcessId}.");
        Directory.Exists(New).ShouldBeFalse();
    }

    /// <summary>Flips a bit of these bytes wherever they stand in a file.</summary>
    private void Flip(string file, ReadOnlySpan<byte> found)
    {
        var path = Path.Combine(Old, file);
        var bytes = File.ReadAllBytes(path);
        for (var offset = bytes.AsSpan().IndexOf(found); offset >= 0; offset = bytes.AsSpan().IndexOf(found)) bytes[offset] ^= 4;
        File.WriteAllBytes(path, bytes);
    }
}
