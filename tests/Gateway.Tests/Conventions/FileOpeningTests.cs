using System.Text.RegularExpressions;
using Shouldly;
using Xunit;

namespace Gateway.Tests.Conventions;

/// <summary>
/// Files are opened in gateway/Files alone, where what others may do with them meanwhile is decided: what Linux lets pass, Windows refuses
/// at the first start. Names are moved and deleted there, or where what is refused is tried again.
/// </summary>
public sealed partial class FileOpeningTests
{
    private static readonly string[] _patient = ["gateway/Store/Disk/Files/FileDisk.cs", "gateway/Store/Disk/Files/DirectoryBarrier.cs",
        "gateway/Cli/Demo/DemoVerb.cs", "gateway/Cli/Offline/MoveFolder.cs",
        "gateway/Cli/Offline/StoreRepairVerb.cs", "gateway/Logging/RollingFile.cs",
        "gateway/Cli/Setup/OperatorFile.cs", "gateway/Cli/Setup/PairingCertificate.cs"];

    private static readonly string[] _doors = ["gateway/Kernel/FileDoor.cs", "gateway/Kernel/OwnersOnly.cs"];

    [Fact]
    public void Files_AreOpenedInOnePlaceOnly() => FilesWith(Opening()).ShouldBe(_doors, ignoreOrder: true);

    [Fact]
    public void FilesAndFolders_AreMovedAndDeletedWithPatienceOnly() => FilesWith(Moving()).ShouldBe(_patient, ignoreOrder: true);

    [Fact]
    public void UnixModesAndAccessRights_AreTheAffairOfOnePlace() =>
        FilesWith(Rights()).ShouldBe([_doors[1]]);

    [Theory]
    [InlineData("using var file = File.OpenRead(path);")]
    [InlineData("await File.ReadAllTextAsync(path)")]
    [InlineData("new FileStream(path, FileMode.Open)")]
    [InlineData("new StreamReader(path)")]
    [InlineData("new StreamWriter(path, options)")]
    [InlineData("authorities.ImportFromPemFile(path)")]
    public void Opening_IsRecognised(string code) => Opening().IsMatch(code).ShouldBeTrue();

    private static List<string> FilesWith(Regex wanted) =>
    [
        .. SourceTree.Files("gateway").Concat(SourceTree.Files("client"))
            .Where(file => File.ReadLines(file).Any(
                line => !line.TrimStart().StartsWith("//", StringComparison.Ordinal) && wanted.IsMatch(line)))
            .Select(file => Path.GetRelativePath(SourceTree.Root, file).Replace(Path.DirectorySeparatorChar, '/')),
    ];

    [GeneratedRegex(@"\bFile\.(Open|Create|Append|Read|Write)|\bnew FileStream\("
        + @"|\bnew Stream(Reader|Writer)\(\w*(path|Path|file|File|log|name|Name)\w*[,)]"
        + @"|\bFileInfo\(.*\)\.(Open|Create)|FromPemFile\(|CollectionFromFile\(|\bMemoryMappedFile\b")]
    private static partial Regex Opening();

    [GeneratedRegex(@"\b(File|Directory)\.(Move|Delete|Replace)\(")]
    private static partial Regex Moving();

    [GeneratedRegex(@"\bUnixFileMode\b|\bUnixCreateMode\b|\bFileSecurity\b|\bDirectorySecurity\b")]
    private static partial Regex Rights();
}
