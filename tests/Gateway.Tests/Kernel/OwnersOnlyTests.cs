using System.Runtime.Versioning;
using System.Security.AccessControl;
using System.Security.Principal;
using Shouldly;
using Xunit;

namespace Gateway.Tests.Kernel;

/// <summary>The rights of others are taken away, from files as from folders, and the answer is what a look afterwards has found.</summary>
public sealed class OwnersOnlyTests : IDisposable
{
    private const string RightsStay = "Wine keeps the rights of others whatever a program asks for";

    private readonly string _folder = Directory.CreateTempSubdirectory("gateway-rights-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    [NotUnderWine(RightsStay)]
    public void Narrow_AFileThatOthersMayRead_TakesThatAway()
    {
        var file = Path.Combine(_folder, "groups-1.data");
        File.WriteAllText(file, "");
        OpenToAll(file);
        OwnersOnly.IsOpen(file).ShouldBeTrue();

        OwnersOnly.Narrow(file).ShouldBeTrue();

        OwnersOnly.IsOpen(file).ShouldBeFalse();
        File.AppendAllText(file, "its owner still writes it");
    }

    [Fact]
    [NotUnderWine(RightsStay)]
    public void Narrow_AFolderThatOthersMayRead_TakesThatAwayFromItAndFromWhatIsMadeInIt()
    {
        OpenToAll(_folder);

        OwnersOnly.Narrow(_folder).ShouldBeTrue();

        if (!OperatingSystem.IsWindows())
        {
            ((int)File.GetUnixFileMode(_folder) & 0x3F).ShouldBe(0);
            return;
        }

        var file = Path.Combine(_folder, "groups-1.data");
        File.WriteAllText(file, "");
        OwnersOnly.IsOpen(file).ShouldBeFalse();
    }

    [Fact]
    public void Narrow_WhatIsGone_IsOpenToNobody() => OwnersOnly.Narrow(Path.Combine(_folder, "gone")).ShouldBeTrue();

    [Fact]
    [UnsupportedOSPlatform("windows")]
    [NotUnderWine("Windows has no sticky bit")]
    public void Narrow_AFolderForEverybodysFiles_LeavesItAndSaysSo()
    {
        File.SetUnixFileMode(_folder, File.GetUnixFileMode(_folder) | UnixFileMode.OtherRead | UnixFileMode.StickyBit);

        OwnersOnly.Narrow(_folder).ShouldBeFalse();
    }

    private static void OpenToAll(string path)
    {
        if (OperatingSystem.IsWindows()) OpenToAllOnWindows(path);
        else File.SetUnixFileMode(path, File.GetUnixFileMode(path) | UnixFileMode.GroupRead | UnixFileMode.OtherRead);
    }

    [SupportedOSPlatform("windows")]
    private static void OpenToAllOnWindows(string path)
    {
        var everybody = new FileSystemAccessRule(new SecurityIdentifier(WellKnownSidType.WorldSid, null), FileSystemRights.Read,
            AccessControlType.Allow);
        if (Directory.Exists(path))
        {
            var folder = new DirectoryInfo(path);
            var rights = folder.GetAccessControl();
            rights.AddAccessRule(everybody);
            folder.SetAccessControl(rights);
        }
        else
        {
            var file = new FileInfo(path);
            var rights = file.GetAccessControl();
            rights.AddAccessRule(everybody);
            file.SetAccessControl(rights);
        }
    }
}
