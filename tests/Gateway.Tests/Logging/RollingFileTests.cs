using System.Text;
using Gateway.Logging;
using Shouldly;
using Xunit;

namespace Gateway.Tests.Logging;

public sealed class RollingFileTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("gateway-log-");

    private string Path => System.IO.Path.Combine(_folder.FullName, "deep", "gateway.log");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public void AFullFile_MakesRoom_AndTheOldestIsDeleted()
    {
        using var file = Open(sizeBytesMax: 10, filesMax: 3);

        foreach (var line in new[] { "a1234567\n", "b1234567\n", "c1\n", "d1\n", "e1\n", "f1234567\n", "g1234567\n" }) Write(file, line);

        Read(Path).ShouldBe("g1234567\n");
        Read($"{Path}.1").ShouldBe("f1234567\n");
        Read($"{Path}.2").ShouldBe("c1\nd1\ne1\n");
        File.Exists($"{Path}.3").ShouldBeFalse();
    }

    [Fact]
    public void OneFile_IsBegunAnew()
    {
        using var file = Open(sizeBytesMax: 10, filesMax: 1);

        foreach (var line in new[] { "a1234567\n", "b1234567\n" }) Write(file, line);

        Read(Path).ShouldBe("b1234567\n");
        Directory.GetFiles(System.IO.Path.GetDirectoryName(Path)!).ShouldBe([Path]);
    }

    [Fact]
    public void AFileOfAnEarlierRun_IsContinued()
    {
        using (var file = Open(sizeBytesMax: 100, filesMax: 2)) Write(file, "before\n");
        using (var file = Open(sizeBytesMax: 100, filesMax: 2)) Write(file, "after\n");

        Read(Path).ShouldBe("before\nafter\n");
    }

    [Fact]
    public void APieceLargerThanAFile_IsWrittenWhole()
    {
        using var file = Open(sizeBytesMax: 4, filesMax: 2);

        Write(file, "longer than a file\n");
        Write(file, "next\n");

        Read($"{Path}.1").ShouldBe("longer than a file\n");
        Read(Path).ShouldBe("next\n");
    }

    [Fact]
    public void AFileThatIsMovedAway_IsBegunAnew()
    {
        using var file = Open(sizeBytesMax: 100, filesMax: 2);
        Write(file, "old\n");
        File.Move(Path, $"{Path}.kept");

        Write(file, "new\n");

        Read(Path).ShouldBe("new\n");
        Read($"{Path}.kept").ShouldBe("old\n");
    }

    [Fact]
    public void AFileThatCannotMakeRoom_TakesNothing_UntilItCan()
    {
        using var file = Open(sizeBytesMax: 10, filesMax: 2);
        Write(file, "a1234567\n");
        var inTheWay = Directory.CreateDirectory($"{Path}.1");

        Should.Throw<OutputLostException>(() => Write(file, "b1234567\n"));
        inTheWay.Delete();
        Write(file, "c1234567\n");

        Read(Path).ShouldBe("c1234567\n");
        Read($"{Path}.1").ShouldBe("a1234567\n");
    }

    [Fact]
    public void Files_AreTheirOwnersAlone()
    {
        using var file = Open(sizeBytesMax: 10, filesMax: 2);

        OwnersOnly.IsOpen(Path).ShouldBeFalse();
    }

    [Fact]
    public void AfterTheEnd_NothingIsWritten()
    {
        var file = Open(sizeBytesMax: 10, filesMax: 2);
        file.Dispose();

        Should.Throw<OutputLostException>(() => Write(file, "late\n"));
    }

    private RollingFile Open(long sizeBytesMax, int filesMax)
    {
        var file = new RollingFile(Path, sizeBytesMax, filesMax);
        file.Open();
        return file;
    }

    private static void Write(RollingFile file, string text)
    {
        file.WaitToWrite(TimeSpan.Zero).ShouldBeTrue();
        file.Write(Encoding.UTF8.GetBytes(text)).ShouldBe(text.Length);
    }

    private static string Read(string path)
    {
        using var reader = new StreamReader(FileDoor.OpenToRead(path));
        return reader.ReadToEnd();
    }
}
