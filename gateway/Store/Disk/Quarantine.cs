using Microsoft.Extensions.Logging;

namespace Gateway.Store.Disk;

/// <summary>
/// Keeps copies of damaged bytes where people and tools find them, as they were when they were found. Nothing depends on these copies, so what cannot be
/// copied is only logged.
/// </summary>
internal sealed partial class Quarantine(IDisk disk, ILogger<Quarantine> logger)
{
    /// <summary>The frame of a damaged page, whatever is left of it.</summary>
    public void SetAside(CorruptPageException damaged)
    {
        var frame = damaged.File.EndsWith(".data", StringComparison.Ordinal) ? damaged.Page + 1 : damaged.Page;
        var bytes = new byte[PageFrame.Size];
        try
        {
            var length = disk.Look(damaged.File, frame * PageFrame.Size, bytes);
            SetAside($"{damaged.File}-frame-{frame}", bytes.AsSpan(0, length));
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            LogNotSetAside(refused, damaged.File);
        }
    }

    public void SetAside(string name, ReadOnlySpan<byte> bytes)
    {
        try
        {
            disk.SetAside(name, bytes);
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            LogNotSetAside(refused, name);
        }
    }

    [LoggerMessage(2110, LogLevel.Warning, "The damaged bytes of {Name} could not be set aside; they are still in their file.")]
    private partial void LogNotSetAside(Exception cause, string name);
}
