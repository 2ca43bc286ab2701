using System.IO.Compression;

namespace Gateway.Tests.Packaging;

/// <summary>
/// A gateway as it was built from a former commit, whose two assemblies are kept in Packaging/former, beside the libraries of this build.
/// Stores and peers of each that is kept there stay readable for ever.
/// </summary>
internal static class FormerBuild
{
    /// <summary>The names of those that are kept: the version, and the commit.</summary>
    public static IReadOnlyList<string> All { get; } = [.. Directory.EnumerateDirectories(Kept).Select(folder => Path.GetFileName(folder))];

    private static string Kept => Path.Combine(SourceTree.Root, "tests", "Gateway.Tests", "Packaging", "former");

    /// <summary>Lays it out in a folder, with links to all else that it needs.</summary>
    /// <returns>The path of its gateway.dll.</returns>
    public static string LayOut(string name, string folder)
    {
        Directory.CreateDirectory(folder);
        foreach (var entry in new DirectoryInfo(AppContext.BaseDirectory).EnumerateFileSystemInfos())
        {
            // The configuration that comes with this build may have keys that it does not know.
            if (entry.Name is not ("gateway.dll" or "Gateway.Client.dll" or "gateway" or "appsettings.json"))
                File.CreateSymbolicLink(Path.Combine(folder, entry.Name), entry.FullName);
        }

        foreach (var packed in Directory.EnumerateFiles(Path.Combine(Kept, name), "*.gz"))
        {
            using var from = new GZipStream(File.OpenRead(packed), CompressionMode.Decompress);
            using var to = File.Create(Path.Combine(folder, Path.GetFileNameWithoutExtension(packed)));
            from.CopyTo(to);
        }

        return Path.Combine(folder, "gateway.dll");
    }
}
