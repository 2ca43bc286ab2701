using Shouldly;
using Xunit;

namespace Gateway.Tests.Kernel;

public sealed class SecretFileTests : IDisposable
{
    private readonly string _path = Directory.CreateTempSubdirectory("gateway-secret-").FullName;

    private string Key => Path.Combine(_path, "some.key");

    public void Dispose() => Directory.Delete(_path, recursive: true);

    [Fact]
    public void Create_IsForItsOwnerAlone()
    {
        SecretFile.Create(Key, "secret");

        SecretFile.IsOpen(Key).ShouldBeFalse();
        File.ReadAllText(Key).ShouldBe("secret" + Environment.NewLine);
    }

    [Fact]
    public void Create_WhenItIsThere_LeavesItAlone()
    {
        File.WriteAllText(Key, "of somebody");

        Should.Throw<IOException>(() => SecretFile.Create(Key, "secret"));

        File.ReadAllText(Key).ShouldBe("of somebody");
    }
}
