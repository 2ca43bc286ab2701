namespace Gateway.Store.Disk.Salvage;

/// <summary>Reads from a file on a disk that may refuse to give parts of it.</summary>
internal static class SalvageFile
{
    /// <summary>As <see cref="IDiskFile.Read"/>; what the disk refuses counts as not there, like what is damaged.</summary>
    public static int TryRead(this IDiskFile file, long offset, Span<byte> buffer)
    {
        try
        {
            return file.Read(offset, buffer);
        }
        catch (IOException)
        {
            buffer.Clear();
            return 0;
        }
    }
}
