using Gateway.Store.Disk.Files;

namespace Gateway.Store.Disk.Pages;

/// <summary>
/// Gathers consecutive frames and writes them to a file in one write, which costs little more than writing one. Nothing is in the file
/// before <see cref="WriteOut"/>.
/// </summary>
internal sealed class FrameRun(IDiskFile file)
{
    private const int FramesMax = 16;

    private byte[] _frames = [];
    private long _first;
    private int _count;

    /// <summary>Adds a frame at the position in its head. Frames that cannot share one write with it are written first.</summary>
    public void Add(FrameHead head, ReadOnlySpan<byte> page)
    {
        if (_count == FramesMax || (_count > 0 && head.Position != _first + _count)) WriteOut();
        if (_frames.Length == 0) _frames = new byte[FramesMax * PageFrame.Size];
        if (_count == 0) _first = head.Position;
        PageFrame.Write(_frames.AsSpan(_count * PageFrame.Size, PageFrame.Size), head, page);
        _count++;
    }

    /// <summary>On return all added frames are in the file. After an exception it is unknown which of them are.</summary>
    public void WriteOut()
    {
        if (_count == 0) return;
        file.Write(_first * PageFrame.Size, _frames.AsSpan(0, _count * PageFrame.Size));
        _count = 0;
    }
}
