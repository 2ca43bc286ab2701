namespace Gateway.Store.Disk.Pages;

/// <summary>
/// A page on disk differs from the one written. Its bytes are not used. The disk, its cabling or an editor is the cause, never a power cut:
/// torn pages are repaired on open. <c>gateway store repair</c> saves the rest.
/// </summary>
internal sealed class CorruptPageException(string file, long page, string expected)
    : Exception($"Page {page} of {file} is damaged: expected {expected}. Stop the gateway, check the disk, and run 'gateway store "
        + $"repair': it saves all that can be read into a new folder.")
{
    /// <summary>The finding, as part of a sentence.</summary>
    public string Finding { get; } = $"page {page} of {file} is damaged";

    public string File { get; } = file;

    public long Page { get; } = page;
}
