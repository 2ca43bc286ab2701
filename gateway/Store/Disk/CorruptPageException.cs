namespace Gateway.Store.Disk;

/// <summary>
/// A page on disk is not what was written there. Its bytes are not used. The disk, its cabling or somebody's editor did it, never a power
/// cut: those are repaired on open. <c>gateway store repair</c> saves what is left.
/// </summary>
internal sealed class CorruptPageException(string file, long page, string expected)
    : Exception($"Page {page} of {file} is damaged: expected {expected}. Stop the gateway, check the disk, and run 'gateway store "
        + $"repair': it saves all that can be read into a new folder.")
{
    /// <summary>What was found, as a part of a sentence.</summary>
    public string Finding { get; } = $"page {page} of {file} is damaged";

    public string File { get; } = file;

    public long Page { get; } = page;
}
