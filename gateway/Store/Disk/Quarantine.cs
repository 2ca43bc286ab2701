using Gateway.Store.Disk.Files;
using Gateway.Store.Disk.Log;
using Gateway.Store.Disk.Pages;
using Microsoft.Extensions.Logging;

namespace Gateway.Store.Disk;

/// <summary>
/// Keeps copies of damaged bytes, as found, for people and tools. Nothing depends on these copies, so a failed copy is only logged.
/// </summary>
internal sealed partial class Quarantine(IDisk disk, ILogger<Quarantine> logger)
{
    /// <summary>Copies the frame of a damaged page, or as much of the log from the damaged sector on, as far as it is readable.</summary>
    public void SetAside(CorruptPageException damaged)
    {
        var isData = damaged.File.EndsWith(".data", StringComparison.Ordinal);
        var place = isData ? (damaged.Page + 1) * PageFrame.Size : damaged.Page * LogLayout.SectorSize;
        var bytes = new byte[PageFrame.Size];
        try
        {
            var length = disk.Look(damaged.File, place, bytes);
            SetAside(isData ? $"{damaged.File}-frame-{damaged.Page + 1}" : $"{damaged.File}-sector-{damaged.Page}",
                bytes.AsSpan(0, length));
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
