namespace Gateway.Store.Disk;

/// <summary>
/// Where a page of the log stands in its file. Frame 0 is the file header; then areas of 256 frames, in turn for even and for odd epochs:
/// <c>header | even 0-255 | odd 0-255 | even 256-511 | odd 256-511 | ...</c>. So two epochs in succession never share a frame, and each
/// has its pages in long runs.
/// </summary>
internal static class LogLayout
{
    public const int AreaFrames = 256;

    /// <summary>The file grows by one area for each parity at a time, 4.2 MB.</summary>
    public const long StepFrames = 2 * AreaFrames;

    /// <summary>The frame in the file of page <paramref name="page"/> of an epoch.</summary>
    public static long FrameOf(long epoch, long page) =>
        1 + (page / AreaFrames * StepFrames) + ((epoch & 1) * AreaFrames) + (page % AreaFrames);

    /// <summary>Whether an epoch may stand in this frame at all.</summary>
    public static bool Belongs(long epoch, long frame) => (frame - 1) / AreaFrames % 2 == (epoch & 1);

    /// <summary>How many frames a file must have for <paramref name="page"/> to have a place, whatever the parity.</summary>
    public static long FramesFor(long page) => 1 + (((page / AreaFrames) + 1) * StepFrames);

    /// <summary>Extends the file with blocks that are really there: zeros, written. A flush of an overwritten block is far cheaper than one of a new block.</summary>
    public static void Reserve(IDiskFile file, long frames)
    {
        var zeros = new byte[32 * PageFrame.Size];
        var end = frames * PageFrame.Size;
        for (var offset = file.Length / PageFrame.Size * PageFrame.Size; offset < end; offset += zeros.Length)
            file.Write(offset, zeros.AsSpan(0, (int)Math.Min(zeros.Length, end - offset)));
    }
}
