namespace Gateway.Doctor.Probes;

/// <summary>Files whose absence, or refusal, is an answer: the system does not tell.</summary>
internal static class QuietFile
{
    /// <summary>Null if the file cannot be read.</summary>
    public static string? Text(string path) => Try(() => FileDoor.ReadText(path));

    /// <summary>None if the file cannot be read.</summary>
    public static IReadOnlyList<string> Lines(string path) => Try(() => FileDoor.ReadLines(path).ToList()) ?? [];

    public static long? Number(string path) => KernelText.Number(Text(path));

    /// <summary>Null if the file system refuses.</summary>
    public static T? Try<T>(Func<T> read)
        where T : class
    {
        try
        {
            return read();
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
