using Gateway.Store.Disk.Files;
using Shouldly;
using Xunit;

namespace Gateway.Tests.Kernel;

/// <summary>
/// An operation that Windows refuses while a virus scanner reads the file is retried, for a limited time; all on a clock that a waiting
/// thread moves itself.
/// </summary>
public sealed class FilePatienceTests
{
    private static readonly TimeSpan _limit = TimeSpan.FromSeconds(5);

    private readonly SkippingTime _time = new();

    [Theory]
    [InlineData(32)]
    [InlineData(33)]
    [InlineData(303)]
    [InlineData(1224)]
    public void Run_WhenAnotherProgramLetsGo_Succeeds(int code)
    {
        var attempts = 0;

        var got = Windows().Run("file", () => ++attempts < 4 ? throw Refusal(code) : attempts);

        got.ShouldBe(4);
    }

    [Fact]
    public void Run_WhenAccessIsDeniedWhileAFileIsBeingDeleted_Succeeds()
    {
        var attempts = 0;

        Windows().Run("file", () => { if (++attempts < 3) throw new UnauthorizedAccessException("Access is denied."); });

        attempts.ShouldBe(3);
    }

    [Fact]
    public void Run_WhenItIsHeldForGood_SaysWhichFileAndWhatToDo_WithinItsLimit()
    {
        var began = _time.GetTimestamp();
        var attempts = 0;

        var held = Should.Throw<FileHeldException>(() => Windows().Run(@"C:\store\groups-1.data", () =>
        {
            attempts++;
            throw Refusal(32);
        }));

        held.Message.ShouldContain(@"C:\store\groups-1.data is held by another program");
        held.Message.ShouldContain("virus scanners");
        held.Message.ShouldNotContain("denied");
        held.InnerException.ShouldBeOfType<IOException>();
        _time.GetElapsedTime(began).ShouldBeInRange(_limit / 2, _limit);
        attempts.ShouldBeInRange(10, 60);
    }

    [Fact]
    public void Run_WhenARightIsMissing_SaysSo_AndWaitsForNoScanner()
    {
        var began = _time.GetTimestamp();

        foreach (var refusal in new Exception[] { new UnauthorizedAccessException("Access is denied."), Refusal(5) })
        {
            var denied = Should.Throw<FileDeniedException>(() => Windows().Run(@"C:\store\groups-1.data", () => throw refusal));
            denied.Message.ShouldStartWith(@$"Access to C:\store\groups-1.data is denied to the user {Environment.UserName}: ");
            denied.Message.ShouldNotContain("another program");
            DiskRefusedException.ReasonOf(denied).ShouldBe(DiskRefusal.Permission);
        }

        _time.GetElapsedTime(began).ShouldBeInRange(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(2));
    }

    [Fact]
    public void Run_WhenAFileIsHeldAndThenDenied_SaysWhichIsTrueAtTheEnd()
    {
        var attempts = 0;

        Should.Throw<FileDeniedException>(() => Windows().Run("file", () =>
            throw (++attempts < 20 ? Refusal(32) : new UnauthorizedAccessException("Access is denied."))));
    }

    [Theory]
    [InlineData(2)]
    [InlineData(112)]
    public void Run_WhenTheDiskRefusesForAnotherReason_IsNotRepeated(int code)
    {
        var attempts = 0;

        Should.Throw<IOException>(() => Windows().Run("file", () =>
        {
            attempts++;
            throw Refusal(code);
        })).ShouldNotBeOfType<FileHeldException>();

        attempts.ShouldBe(1);
    }

    [Fact]
    public void Run_WhereOpenFilesAreNoObstacle_IsNotRepeated()
    {
        var attempts = 0;
        var unix = new FilePatience(_time, isWindows: false, _limit);

        Should.Throw<UnauthorizedAccessException>(() => unix.Run("file", () =>
        {
            attempts++;
            throw new UnauthorizedAccessException("Permission denied.");
        }));

        attempts.ShouldBe(1);
    }

    private static IOException Refusal(int code) => new("The process cannot access the file.", unchecked((int)0x80070000) | code);

    private FilePatience Windows() => new(_time, isWindows: true, _limit);
}
