using Gateway.Store.Disk.Files;
using Shouldly;
using Xunit;

namespace Gateway.Tests.Store.Disk;

public sealed class StoreLockTests : IDisposable
{
    private readonly string _path = Directory.CreateTempSubdirectory("gateway-lock-").FullName;

    public void Dispose() => Directory.Delete(_path, recursive: true);

    [Fact]
    public void Take_WhileHeld_NamesThePathAndTheProcess()
    {
        using var held = StoreLock.Take(_path);

        var refused = Should.Throw<StoreInUseException>(() => StoreLock.Take(_path));

        refused.Message.ShouldContain(_path);
        refused.Message.ShouldContain($"process {Environment.ProcessId}");
    }

    [Fact]
    public void Take_AfterRelease_IsGranted()
    {
        StoreLock.Take(_path).Dispose();

        StoreLock.Take(_path).Dispose();
    }
}
