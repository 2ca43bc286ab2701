using System.Text;

namespace Gateway.Store.Disk.Files;

/// <summary>
/// The file store.version: the version of the gateway that last opened the store, in a line of text. Nothing depends on it; a program that
/// cannot read the store's format names from it the one that can.
/// </summary>
internal static class StoreVersion
{
    public const string FileName = "store.version";

    private const int BytesMax = 200;

    /// <summary>The version that last opened the store in the folder; null if that is unknown.</summary>
    public static string? Read(string path)
    {
        try
        {
            using var file = FileDoor.OpenToRead(Path.Combine(path, FileName));
            var bytes = new byte[BytesMax];
            var line = Encoding.UTF8.GetString(bytes, 0, file.ReadAtLeast(bytes, BytesMax, throwOnEndOfStream: false)).TrimEnd('\n');
            return line.Length > 0 ? ForeignText.Plain(line) : null;
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>Notes that this program has opened the store. A disk that refuses that is no reason not to run.</summary>
    public static void Note(string path)
    {
        if (Read(path) == ProgramVersion.Text) return;
        try
        {
            FileDoor.Write(Path.Combine(path, FileName), Encoding.UTF8.GetBytes(ProgramVersion.Text + '\n'), StoreFolder.OwnerOf(path));
        }
        catch (Exception refused) when (DiskRefusedException.ReasonOf(refused) is not null)
        {
            return;
        }
    }

    /// <summary>The reason why a store does not open, with the version that can open it, if that is another one.</summary>
    public static string Explain(string path, string reason) => Read(path) is { } version && version != ProgramVersion.Text
        ? $"{reason} The store was last opened by version {version}; this is {ProgramVersion.Text}. To go back to this one, let the other "
            + $"write the messages to files ('gateway store export'), and import them here ('gateway queue import')."
        : reason;
}
