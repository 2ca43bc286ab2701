using Gateway.Cli.Api;
using Gateway.Cli.Demo.Processes;
using Gateway.Store;
using Gateway.Store.Blocks;
using Gateway.Store.Disk.Files;
using Gateway.Store.Messages;
using Gateway.Tests.Store;
using Microsoft.Extensions.Logging.Abstractions;
using Shouldly;
using Xunit;

namespace Gateway.Tests.Crash;

/// <summary>
/// A store that has its reserve, on file systems that are really full: it opens, drains and is purged whatever others do with the rest of
/// the disk.
/// </summary>
[Kind(Kind.Process)]
public sealed class ShortDiskTests : ProcessTest
{
    private const int BodyBytes = 100_000;

    /// <summary>The smallest that the configuration allows.</summary>
    private static readonly StoreSettings _smallest = new()
    { VolumeBytes = 8 << 20, DiskReserveBytes = (8 << 20) + StoreSettings.KeptBackBytes };

    [Fact]
    [Needs("root")]
    public async Task A_backlog_that_flows_in_until_the_disk_is_full_never_ends_the_store_and_drains()
    {
        await using var disk = await TinyFileSystem.MountAsync(Path.Combine(Folder, "tiny"), 100);
        var last = 0;
        for (var run = 0; run < 5; run++)
        {
            using var store = Open(disk);
            while (Enqueue(store, last + 1) is null) last++;
            for (var step = 0; step < 200; step++) Enqueue(store, last + 1).ShouldNotBeNull();
            if (run % 2 == 0) store.Close();
        }

        using var later = Open(disk);
        DrainOneByOne(later, last);
        later.Check().ShouldBeEmpty();
        Enqueue(later, last + 1).ShouldBeNull();
    }

    [Fact]
    [Needs("root")]
    public async Task A_disk_that_somebody_fills_to_the_last_byte_again_and_again_does_not_keep_the_store_from_opening_and_draining()
    {
        await using var disk = await TinyFileSystem.MountAsync(Path.Combine(Folder, "tiny"), 100);
        int last;
        using (var store = Open(disk))
        {
            last = FillHalf(store);
            disk.FillUp();
        }

        for (var run = 0; run < 3; run++)
        {
            using var again = Open(disk);
            disk.FillUp();
            Enqueue(again, last + 1)!.ShouldContain("bytes");
        }

        using var later = Open(disk);
        DrainOneByOne(later, last, disk.FillUp);
        later.Check().ShouldBeEmpty();
        disk.RemoveFiller();
        Upkeep(later);
        later.Obstacle.ShouldBeNull();
        Enqueue(later, last + 1).ShouldBeNull();
    }

    [Fact]
    [Needs("root")]
    public async Task Many_small_completions_on_a_full_disk_give_back_what_they_take()
    {
        await using var disk = await TinyFileSystem.MountAsync(Path.Combine(Folder, "tiny"), 100);
        using var store = Open(disk);
        var last = FillHalf(store);
        disk.FillUp();

        // Much more than the reserve holds.
        for (var step = 1; step <= 60_000; step++)
        {
            Execute(store, StoreCommands.Return(StoreCommands.Jobs, last, deliveries: step));
            if (step % 1000 == 0) disk.FillUp();
        }

        store.Check().ShouldBeEmpty();
        DrainOneByOne(store, last, disk.FillUp);
    }

    [Fact]
    [Needs("root")]
    public async Task Without_an_inode_new_messages_are_refused_with_the_true_reason_and_the_store_drains_and_opens_again()
    {
        await using var disk = await TinyFileSystem.MountAsync(Path.Combine(Folder, "tiny"), 400, inodes: 60);
        var last = 0;
        using (var store = Open(disk))
        {
            while (last < 20) Enqueue(store, ++last).ShouldBeNull();
            disk.TakeInodes();
            string? full;
            while ((full = Enqueue(store, last + 1)) is null) last++;
            full.ShouldContain("no inode is left");
            store.Obstacle.ShouldNotBeNull();
        }

        using var again = Open(disk);
        DrainOneByOne(again, last);
        again.Check().ShouldBeEmpty();
        disk.GiveInodesBack();
        Upkeep(again);
        Enqueue(again, last + 1).ShouldBeNull();
    }

    [Fact]
    [Needs("chattr", "root")]
    public async Task A_folder_that_takes_no_new_name_refuses_new_messages_and_drains()
    {
        await using var disk = await TinyFileSystem.MountAsync(Path.Combine(Folder, "tiny"), 200);
        using var store = Open(disk);
        var last = 0;
        while (last < 20) Enqueue(store, ++last).ShouldBeNull();

        // Root may do everything, but nobody may change an immutable folder; files in it are written as ever.
        disk.LockFolder(true);
        string? full;
        while ((full = Enqueue(store, last + 1)) is null) last++;
        full.ShouldContain("may not write");
        DrainOneByOne(store, last);
        disk.LockFolder(false);
        Upkeep(store);
        store.Check().ShouldBeEmpty();
        Enqueue(store, last + 1).ShouldBeNull();
    }

    [Fact]
    [Needs("root")]
    public async Task A_store_on_a_file_system_that_became_read_only_is_waited_for_and_health_says_so_meanwhile()
    {
        var port = LoopbackPort.Free(1)[0];
        var gateway = NewGateways(new Dictionary<string, string> { ["Gateway:Http:Address"] = $"http://127.0.0.1:{port}" }, "local")[0];
        await using var disk = await TinyFileSystem.MountAsync(gateway.StorePath, 400);
        await using var running = gateway;
        await gateway.StartReadyAsync(Token);
        var client = NewClient(gateway);
        await client.SendAsync("q@local", "before");
        (await InTimeAsync("the gateway stops", gateway.StopAsync())).ShouldBe(0);
        disk.SetReadOnly(true);

        gateway.Start();
        using var http = new HttpClient(new ResetOnConnect(new SocketsHttpHandler()));
        await UntilAsync("health says why", async () => await TextAsync(http, port) is { } text
            && text.Contains("cannot be opened", StringComparison.Ordinal) && text.Contains("ead-only", StringComparison.Ordinal));
        disk.SetReadOnly(false);
        await InTimeAsync("the gateway is ready", gateway.WaitUntilReadyAsync(Token));
        (await client.TakeAsync("q", 1)).ShouldBe(["before"]);
        (await InTimeAsync("the gateway stops", gateway.StopAsync())).ShouldBe(0);

        disk.SetReadOnly(true);
        gateway.Start();
        await UntilAsync("health says why", async () => await TextAsync(http, port) is { } text
            && text.Contains("cannot be opened", StringComparison.Ordinal));
        (await InTimeAsync("it can be stopped while it waits", gateway.StopAsync())).ShouldBe(1);
        gateway.Process.Errors.ShouldContain("ead-only");
    }

    private static async Task<string?> TextAsync(HttpClient http, int port)
    {
        try
        {
            using var answer = await http.GetAsync(new Uri($"http://127.0.0.1:{port}/healthz"), Token);
            return await answer.Content.ReadAsStringAsync(Token);
        }
        catch (HttpRequestException)
        {
            return null;
        }
    }

    private static MessageStore Open(TinyFileSystem disk) =>
        MessageStore.Open(new LiteBlockStore(new FileDisk(disk.Path), NullLoggerFactory.Instance, StoreSettings.KeptBackBytes),
            _smallest, Guid.Empty);

    private static int FillHalf(MessageStore store)
    {
        const int messages = 300;
        for (var number = 1; number <= messages; number++) Enqueue(store, number).ShouldBeNull();
        return messages;
    }

    private static string? Enqueue(MessageStore store, int seed)
    {
        var command = StoreCommands.Enqueue(StoreCommands.Jobs, StoreCommands.Message(seed, BodyBytes));
        Execute(store, command);
        return command.Full;
    }

    private static void DrainOneByOne(MessageStore store, int last, Action? between = null)
    {
        var left = StoreCommands.Numbers(store, StoreCommands.Jobs);
        left.Count.ShouldBe(last);
        foreach (var number in left)
        {
            Execute(store, StoreCommands.Complete(StoreCommands.Jobs, number));
            between?.Invoke();
        }

        Upkeep(store);
        StoreCommands.Numbers(store, StoreCommands.Jobs).ShouldBeEmpty();
    }

    private static void Execute(MessageStore store, StoreCommand command)
    {
        store.Execute([command]);
        store.Maintain();
    }

    private static void Upkeep(MessageStore store)
    {
        for (var step = 0; step < 100; step++) store.Maintain();
    }
}
