namespace Gateway.Kernel;

/// <summary>A file with a key or token that only its owner may read.</summary>
internal static class SecretFile
{
    /// <summary>Creates a file that is never readable by others, not even briefly. An existing file is left alone.</summary>
    /// <exception cref="IOException">The file exists or cannot be written.</exception>
    public static void Create(string path, string text)
    {
        using var writer = new StreamWriter(OwnersOnly.Create(path, FileAccess.Write, FileShare.None));
        writer.WriteLine(text);
    }

    /// <summary>True if other users of this host can read or write the file.</summary>
    public static bool IsOpen(string path) => OwnersOnly.IsOpen(path);
}
