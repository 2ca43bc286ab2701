using Gateway.Client;
using Gateway.Store;
using Gateway.Store.Blocks;
using Gateway.Store.Commands;
using Gateway.Store.Disk.Files;
using Gateway.Store.Disk.Log;
using Gateway.Store.Messages;
using Gateway.Tests.Store;
using Microsoft.Extensions.Logging.Abstractions;
using Shouldly;
using Xunit;

namespace Gateway.Tests.Crash;

/// <summary>A store on a file system that is really full, as far as the reserve goes and beyond it.</summary>
[Kind(Kind.Process)]
[Needs("root")]
public sealed class FullDiskTests : ProcessTest
{
    private const int Megabytes = 112;
    private const long ReserveBytes = 24 * 1024 * 1024;
    private const int BodyBytes = 100_000;
    private const int StepsMax = 100_000;

    /// <summary>Not so many that a volume is dropped, which would give room again.</summary>
    private const int CompletedMax = 40;

    /// <summary>The bytes that may be written between two looks at the disk, the logs included.</summary>
    private const long ReserveTouchedMax = 12 * 1024 * 1024;

    private static readonly StoreSettings _reserveSmallerThanAVolume = new()
    { DiskReserveBytes = 9 * 1024 * 1024, VolumeBytes = 24 * 1024 * 1024 };

    private static readonly StoreSettings _settings = new() { DiskReserveBytes = ReserveBytes, VolumeBytes = 8 * 1024 * 1024 };

    [Fact]
    public async Task A_disk_at_its_reserve_refuses_new_messages_with_the_figure_and_opens_again_by_itself_while_it_drains()
    {
        await using var disk = await TinyFileSystem.MountAsync(Path.Combine(Folder, "tiny"), Megabytes);
        using var store = Open(disk);

        var full = FillToTheReserve(store, out var last);
        full.ShouldContain("Store:DiskReserveBytes");
        full.ShouldContain($"{ReserveBytes}");
        disk.FreeBytes.ShouldBeGreaterThan(ReserveBytes - ReserveTouchedMax);

        // Every second message goes first: each volume is half dead, and is rewritten out of the reserve.
        for (var number = 1; number <= last; number += 2) Execute(store, StoreCommands.Complete(StoreCommands.Jobs, number));
        Upkeep(store);
        store.Check().ShouldBeEmpty();
        Enqueue(store, last + 1).ShouldBeNull("half of the messages have left");

        Execute(store, new AcknowledgeCommand(StoreCommands.Jobs, last));
        Upkeep(store);
        StoreCommands.Numbers(store, StoreCommands.Jobs).ShouldBe([last + 1]);
        disk.FreeBytes.ShouldBeGreaterThan(Megabytes / 2 * 1024 * 1024);
    }

    [Fact]
    public async Task A_reserve_too_small_to_write_a_volume_again_does_not_keep_the_store_from_draining()
    {
        await using var disk = await TinyFileSystem.MountAsync(Path.Combine(Folder, "tiny"), 76);
        using var store = Open(disk, _reserveSmallerThanAVolume);
        FillToTheReserve(store, out var last);

        // Not half of the first volume is left, and more than the disk has room for.
        foreach (var number in Enumerable.Range(1, last).Where(number => number % 2 == 1 || number % 20 == 0))
            Execute(store, StoreCommands.Complete(StoreCommands.Jobs, number));

        Upkeep(store);
        store.Check().ShouldBeEmpty();
        Execute(store, new AcknowledgeCommand(StoreCommands.Jobs, last));
        Upkeep(store);
        Enqueue(store, last + 1).ShouldBeNull();
    }

    [Fact]
    public async Task A_disk_without_a_byte_left_stops_the_store_and_loses_nothing_confirmed()
    {
        await using var disk = await TinyFileSystem.MountAsync(Path.Combine(Folder, "tiny"), Megabytes);
        var completed = 0;
        int last;
        using (var store = Open(disk))
        {
            FillToTheReserve(store, out last);
            disk.FillUp();
            Should.Throw<StoreFailedException>(() =>
            {
                // Room that was taken in advance lasts for a while; nothing is kept back here beside it.
                for (var step = 1; step < StepsMax; step++)
                {
                    Execute(store, StoreCommands.Return(StoreCommands.Jobs, last, deliveries: step));
                    if (step % 10 > 0 || completed == CompletedMax) continue;
                    Execute(store, StoreCommands.Complete(StoreCommands.Jobs, completed + 1));
                    completed++;
                }
            }).Message.ShouldContain("space", Case.Insensitive);
        }

        // Recovery writes pages of the data file, so opening may fail as well, as often as it is tried; that must change nothing.
        for (var attempt = 0; attempt < 3; attempt++)
        {
            if (Record.Exception(() => Open(disk).Dispose()) is { } refused)
                refused.ShouldBeOfType<StoreFailedException>().Message.ShouldContain("space", Case.Insensitive);
        }

        disk.RemoveFiller();
        using var later = Open(disk);
        later.Check().ShouldBeEmpty();
        var found = StoreCommands.ReadAll(later, StoreCommands.Jobs);
        found[0].Number.ShouldBeInRange(completed + 1, completed + 2, "the completion that failed may have been stored");
        found.Select(stored => stored.Number)
            .ShouldBe(Enumerable.Range((int)found[0].Number, last - (int)found[0].Number + 1).Select(number => (long)number));
        found.ShouldAllBe(stored => IsIntact(stored));
    }

    [Fact]
    public async Task A_gateway_on_a_full_disk_refuses_with_the_figure_goes_on_delivering_and_takes_messages_again()
    {
        var gateway = NewGateways(
            new Dictionary<string, string>
            { ["Gateway:Store:DiskReserveBytes"] = $"{ReserveBytes}", ["Gateway:Store:VolumeBytes"] = $"{8 * 1024 * 1024}" },
            "local")[0];
        await using var disk = await TinyFileSystem.MountAsync(gateway.StorePath, Megabytes);
        await using var running = gateway;
        await gateway.StartReadyAsync(Token);
        var sender = Track(new GatewayClient(
            new GatewayClientOptions { Address = gateway.Address, ApplicationName = "sender", RequestTimeout = TimeSpan.FromMinutes(1) }));
        var receiver = NewClient(gateway);

        var accepted = 0;
        var refused = await Should.ThrowAsync<GatewayException>(async () =>
        {
            for (; ; accepted++)
                await InTimeAsync("an answer", sender.EnqueueAsync("jobs@local", new byte[BodyBytes], null, Token).AsTask());
        });
        refused.Reason.ShouldBe(GatewayError.StoreFull);
        refused.Message.ShouldContain($"{ReserveBytes}");

        (await InTimeAsync("all that was accepted", receiver.TakeAsync("jobs", accepted))).Count.ShouldBe(accepted);
        await UntilAsync("messages are taken again", async () =>
        {
            try
            {
                await sender.SendAsync("jobs@local", "after");
                return true;
            }
            catch (GatewayException still) when (still.Reason == GatewayError.StoreFull)
            {
                return false;
            }
        });
        (await InTimeAsync("the message after", receiver.TakeAsync("jobs", 1))).ShouldBe(["after"]);
        (await InTimeAsync("the gateway stops", gateway.StopAsync())).ShouldBe(0);
    }

    private static MessageStore Open(TinyFileSystem disk, StoreSettings? settings = null) =>
        MessageStore.Open(new LiteBlockStore(new FileDisk(disk.Path), NullLoggerFactory.Instance), settings ?? _settings, Guid.Empty);

    private static string FillToTheReserve(MessageStore store, out int last)
    {
        for (last = 0; ; last++)
        {
            if (Enqueue(store, last + 1) is { } full) return full;
        }
    }

    /// <summary>Why there is no room, or null.</summary>
    private static string? Enqueue(MessageStore store, int seed)
    {
        var command = StoreCommands.Enqueue(StoreCommands.Jobs, StoreCommands.Message(seed, BodyBytes));
        Execute(store, command);
        return command.Full;
    }

    private static void Execute(MessageStore store, StoreCommand command)
    {
        store.Execute([command]);
        store.Maintain();
    }

    private static bool IsIntact(StoredMessage stored) =>
        stored.Message.Body.Span.SequenceEqual(StoreCommands.Message((int)stored.Number, BodyBytes).Body.Span);

    private static void Upkeep(MessageStore store)
    {
        while (store.Maintain())
        {
            // Each call is one step.
        }

        // It looks at the disk now and then.
        for (var step = 0; step < 50; step++) store.Maintain();
    }
}
