using System.Text;

namespace Gateway.Store.Disk.Files;

/// <summary>
/// The file store.moved: a sentence that says where the store of this folder is now. A store that runs in two places would give the same
/// numbers twice, so one that was moved away is not opened again.
/// </summary>
internal static class StoreMoved
{
    public const string FileName = "store.moved";

    private const int BytesMax = 1000;

    /// <summary>Durable on return.</summary>
    public static void Note(string path, string sentence)
    {
        var file = Path.Combine(path, FileName);
        FileDoor.Write(file, Encoding.UTF8.GetBytes(sentence + '\n'), StoreFolder.OwnerOf(path));
        using (var written = FileDoor.OpenOwned(file)) FileBarrier.Flush(written, file);
        DirectoryBarrier.Flush(path);
    }

    /// <exception cref="StoreInUseException">The store of this folder was moved away.</exception>
    public static void Refuse(string path)
    {
        var file = Path.Combine(path, FileName);
        if (!File.Exists(file)) return;
        using var opened = FileDoor.OpenToRead(file);
        var bytes = new byte[BytesMax];
        var sentence = ForeignText.Plain(
            Encoding.UTF8.GetString(bytes, 0, opened.ReadAtLeast(bytes, BytesMax, throwOnEndOfStream: false)).TrimEnd('\n'));
        throw new StoreInUseException($"The store in {path} is not to be used: {sentence} If that is wrong, remove {file}.");
    }
}
