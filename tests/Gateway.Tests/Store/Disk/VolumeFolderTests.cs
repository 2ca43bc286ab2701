using Gateway.Store.Disk;
using Shouldly;
using Xunit;

namespace Gateway.Tests.Store.Disk;

public sealed class VolumeFolderTests
{
    private const int Mebibyte = 1024 * 1024;

    private readonly SimulatedDisk _disk = new();

    [Fact]
    public void Drop_TakesTheVolumeOutAtOnce_AndItsDataInPieces()
    {
        Make(VolumeFolder.NameOf(1) + ".data", 9 * Mebibyte);
        Make(VolumeFolder.NameOf(1) + ".log", Mebibyte);
        var folder = new VolumeFolder(_disk);

        folder.Drop(1);

        folder.FirstGroups().ShouldBeEmpty();
        var sizes = new List<long>();
        do
        {
            sizes.Add(_disk.List().Sum(SizeBytes) / Mebibyte);
        }
        while (folder.RemovePiece());
        sizes.ShouldBe([9, 5, 1]);
        _disk.List().ShouldBeEmpty();
        folder.RemovePiece().ShouldBeFalse();
    }

    [Fact]
    public void Drop_OfAVolumeWhoseDataIsGone_TakesItsLog()
    {
        Make(VolumeFolder.NameOf(7) + ".log", Mebibyte);

        new VolumeFolder(_disk).Drop(7);

        _disk.List().ShouldBeEmpty();
    }

    [Fact]
    public void RemoveLeftovers_AfterADropThatWasCutShort_LeavesWhatIsWhole()
    {
        foreach (var name in new[] { VolumeFolder.NameOf(1), VolumeFolder.NameOf(2) })
        {
            Make(name + ".data", 9 * Mebibyte);
            Make(name + ".log", Mebibyte);
        }

        var interrupted = new VolumeFolder(_disk);
        interrupted.Drop(1);
        interrupted.RemovePiece();

        new VolumeFolder(_disk).RemoveLeftovers();

        _disk.List().ShouldBe([VolumeFolder.NameOf(2) + ".data", VolumeFolder.NameOf(2) + ".log"]);
    }

    private void Make(string name, int bytes)
    {
        using var file = _disk.Create(name);
        file.Write(0, new byte[bytes]);
    }

    private long SizeBytes(string name)
    {
        using var file = _disk.Open(name);
        return file.Length;
    }
}
