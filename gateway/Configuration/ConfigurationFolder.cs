namespace Gateway.Configuration;

/// <summary>
/// The folder of further files beside the main file of the configuration. Its files add to the main one: those of packages, of tools, and
/// the one that the verbs write.
/// </summary>
internal static class ConfigurationFolder
{
    public const string Name = "conf.d";

    private const string Extension = ".json";

    /// <summary>The folder beside a main file, whether it exists or not.</summary>
    public static string Beside(string mainFile) => Path.Combine(Path.GetDirectoryName(mainFile)!, Name);

    /// <summary>The files of the folder in the order in which they are read: by name, in byte order. None if there is no folder.</summary>
    /// <exception cref="InvalidDataException">The folder is there and cannot be read.</exception>
    public static IReadOnlyList<string> FilesIn(string folder)
    {
        try
        {
            // Hidden files are those of editors, and the locks and drafts of the verbs.
            return [.. Directory.EnumerateFiles(folder)
                .Where(file => file.EndsWith(Extension, StringComparison.Ordinal) && Path.GetFileName(file)[0] != '.')
                .Order(StringComparer.Ordinal)];
        }
        catch (DirectoryNotFoundException)
        {
            return [];
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            throw new InvalidDataException($"{folder} cannot be listed; let the user that runs this read it.", refused);
        }
    }
}
