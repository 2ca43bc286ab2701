using Gateway.Store.Disk.Files;
using Shouldly;
using Xunit;

namespace Gateway.Tests.Store.Disk;

/// <summary>The operations of the store on an open file: those that every system allows.</summary>
public sealed class FileDiskTests : IDisposable
{
    private readonly string _path = Directory.CreateTempSubdirectory("gateway-disk-").FullName;

    public void Dispose() => Directory.Delete(_path, recursive: true);

    [Fact]
    public void SizeBytes_OfAnOpenFile_IsWhatWasWritten()
    {
        var disk = new FileDisk(_path);
        using var file = disk.Create("some");
        file.Write(0, new byte[12_345]);

        disk.SizeBytes("some").ShouldBe(12_345);
    }

    [Fact]
    public void Look_AtAnOpenFile_GivesItsBytes_AndFewerAtItsEnd()
    {
        var disk = new FileDisk(_path);
        using var file = disk.Create("some");
        file.Write(0, [1, 2, 3, 4]);
        var bytes = new byte[3];

        disk.Look("some", 1, bytes).ShouldBe(3);
        bytes.ShouldBe([2, 3, 4]);
        disk.Look("some", 3, bytes).ShouldBe(1);
        bytes[0].ShouldBe((byte)4);
    }

    [Fact]
    public void SimulatedDisk_RefusesWhatWindowsRefuses()
    {
        var disk = new SimulatedDisk();
        using (disk.Create("some"))
        {
            Should.Throw<InvariantException>(() => disk.Open("some"));
            Should.Throw<InvariantException>(() => disk.Delete("some"));
            Should.Throw<InvariantException>(() => disk.Rename("some", "other"));
            disk.SizeBytes("some").ShouldBe(0);
            disk.Look("some", 0, new byte[1]).ShouldBe(0);
        }

        disk.Open("some").Dispose();
        disk.Rename("some", "other");
        disk.Delete("other");
    }
}
