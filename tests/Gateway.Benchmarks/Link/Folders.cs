namespace Gateway.Benchmarks.Link;

/// <summary>Where gateways of a benchmark keep their stores.</summary>
internal static class Folders
{
    public static DirectoryInfo Fresh(DirectoryInfo folder)
    {
        if (folder.Exists) folder.Delete(recursive: true);
        folder.Create();
        folder.Refresh();
        return folder;
    }
}
