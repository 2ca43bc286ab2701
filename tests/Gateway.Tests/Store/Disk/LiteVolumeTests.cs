using Gateway.Store.Disk;
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
    public void Dispose_WithOpenTransaction_RollsItBack()
    {
        using (var volume = LiteVolume.Open(new FileDisk(_path), "test"))
        {
            Insert(volume, 1, 100);
            volume.Engine.BeginTrans();
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

        volume.Engine.BeginTrans();
        volume.Engine.Delete("docs", [new BsonValue(7)]).ShouldBe(0);
        volume.Commit();

        Ids(volume).ShouldBe([1]);
    }

    private static void Insert(LiteVolume volume, int id, int size)
    {
        volume.Engine.BeginTrans();
        volume.Engine.Insert("docs", [Document(id, size)], BsonAutoId.ObjectId);
        volume.Commit();
    }

    private static BsonDocument Document(int id, int size) => new() { ["_id"] = id, ["body"] = new byte[size] };

    private static List<int> Ids(LiteVolume volume)
    {
        var ids = new List<int>();
        using var reader = volume.Engine.Query("docs", new Query());
        while (reader.Read())
            ids.Add(reader.Current["_id"].AsInt32);
        return ids;
    }
}
