using System.Runtime.CompilerServices;
using Gateway.Store.Disk;
using Gateway.Store.Disk.Files;
using Gateway.Store.Disk.Log;
using LiteDB;
using Shouldly;
using Xunit;

namespace Gateway.Tests.Store.Disk;

public sealed class LiteVolumeTests : IDisposable
{
    private readonly string _path = Directory.CreateTempSubdirectory("gateway-volume-").FullName;

    public void Dispose() => Directory.Delete(_path, recursive: true);

    [Fact]
    public void Commit_ThenAbandon_IsThereAfterReopening()
    {
        using (var volume = LiteVolume.Open(new FileDisk(_path), "test"))
        {
            Insert(volume, 1, 100);
            Insert(volume, 2, 300_000);
            volume.Abandon();
        }

        using var reopened = LiteVolume.Open(new FileDisk(_path), "test");
        Ids(reopened).ShouldBe([1, 2]);
        reopened.Check().ShouldBeEmpty();
    }

    [Fact]
    public void Abandon_WithOpenTransaction_LeavesNothingOfTheEngineInMemory()
    {
        var engine = AbandonedEngine();

        GC.Collect();
        GC.WaitForPendingFinalizers();
        GC.Collect();

        engine.IsAlive.ShouldBeFalse();
    }

    [Fact]
    public void Dispose_WithOpenTransaction_RollsItBack()
    {
        using (var volume = LiteVolume.Open(new FileDisk(_path), "test"))
        {
            Insert(volume, 1, 100);
            volume.Begin();
            volume.Engine.Insert("docs", [Document(2, 100)], BsonAutoId.ObjectId);
        }

        using var reopened = LiteVolume.Open(new FileDisk(_path), "test");
        Ids(reopened).ShouldBe([1]);
    }

    [Fact]
    public void Commit_ThatChangedNothing_Returns()
    {
        using var volume = LiteVolume.Open(new FileDisk(_path), "test");
        Insert(volume, 1, 100);

        volume.Begin();
        volume.Engine.Delete("docs", [new BsonValue(7)]).ShouldBe(0);
        volume.Commit(isChange: false);

        Ids(volume).ShouldBe([1]);
    }

    [Fact]
    public void ForgetRead_ReturnsTheMemoryOfThePagesThatWereRead_AndTheVolumeGoesOn()
    {
        using (var filling = LiteVolume.Open(new FileDisk(_path), "test"))
        {
            for (var id = 1; id <= 40; id++) Insert(filling, id, 200_000);
        }

        using var volume = LiteVolume.Open(new FileDisk(_path), "test");
        Ids(volume).Count.ShouldBe(40);
        CachedPages(volume).ShouldBeGreaterThan(1_000);

        volume.ForgetRead();

        CachedPages(volume).ShouldBeLessThan(100);
        Insert(volume, 41, 100);
        Ids(volume).ShouldBe(Enumerable.Range(1, 41));
        volume.Check().ShouldBeEmpty();
    }

    [Fact]
    public void ForgetRead_AfterACommit_DoesNothing()
    {
        using var volume = LiteVolume.Open(new FileDisk(_path), "test");
        Insert(volume, 1, 300_000);
        var before = volume.Engine;

        volume.ForgetRead();

        volume.Engine.ShouldBeSameAs(before);
        Ids(volume).ShouldBe([1]);
    }

    [Fact]
    public void Commit_FlushesExactlyOnce()
    {
        var disk = new SimulatedDisk();
        using var volume = LiteVolume.Open(disk, "test");
        for (var id = 1; id <= 20; id++)
        {
            var before = disk.Flushes;
            Insert(volume, id, id * 3_000);
            (disk.Flushes - before).ShouldBe(1);
        }
    }

    [Fact]
    public void Commit_AfterAFailedFlush_IsRefusedForGood()
    {
        var disk = new SimulatedDisk();
        using var volume = LiteVolume.Open(disk, "test");
        Insert(volume, 1, 100);
        var operations = disk.Operations;
        Insert(volume, 2, 100);
        disk.FailAt = disk.Operations + disk.Operations - operations;

        Should.Throw<StoreFailedException>(() => Insert(volume, 3, 100));

        Should.Throw<StoreFailedException>(() => Insert(volume, 4, 100));
        Should.Throw<StoreFailedException>(() => volume.Commit());
        Should.Throw<StoreFailedException>(volume.Checkpoint);
    }

    [Fact]
    public void Engine_OnAnotherThread_IsABrokenInvariant()
    {
        using var volume = LiteVolume.Open(new SimulatedDisk(), "test");
        Exception? answer = null;
        var other = new Thread(() => answer = Record.Exception(() => volume.Engine));

        other.Start();
        other.Join();

        answer.ShouldBeOfType<InvariantException>();
    }

    private static void Insert(LiteVolume volume, int id, int size)
    {
        volume.Begin();
        volume.Engine.Insert("docs", [Document(id, size)], BsonAutoId.ObjectId);
        volume.Commit();
    }

    private static BsonDocument Document(int id, int size) => new() { ["_id"] = id, ["body"] = new byte[size] };

    [MethodImpl(MethodImplOptions.NoInlining)]
    private WeakReference AbandonedEngine()
    {
        var volume = LiteVolume.Open(new FileDisk(_path), "test");
        volume.Begin();
        volume.Engine.Insert("docs", [Document(1, 100)], BsonAutoId.ObjectId);
        var engine = new WeakReference(volume.Engine);
        volume.Abandon();
        return engine;
    }

    /// <summary>The pages for which the engine holds memory, as it describes itself.</summary>
    private static int CachedPages(LiteVolume volume)
    {
        using var reader = volume.Engine.Query("$database", new Query());
        reader.Read().ShouldBeTrue();
        return reader.Current["cache"]["extendPages"].AsInt32;
    }

    private static List<int> Ids(LiteVolume volume)
    {
        var ids = new List<int>();
        using var reader = volume.Engine.Query("docs", new Query());
        while (reader.Read())
            ids.Add(reader.Current["_id"].AsInt32);
        return ids;
    }
}
