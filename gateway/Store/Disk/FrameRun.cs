namespace Gateway.Store.Disk;

/// <summary>
/// Frames that are to be written to a file. Those that follow each other are gathered and go out in one write, which costs little more than
/// a write of one. Nothing is in the file before <see cref="WriteOut"/>.
/// </summary>
internal sealed class FrameRun(IDiskFile file)
{
    private const int FramesMax = 16;

    private byte[] _frames = [];
    private long _first;
    private int _count;

    /// <summary>Adds a frame at the position that its head says. Writes out what cannot be in one write with it.</summary>
    public void Add(FrameHead head, ReadOnlySpan<byte> page)
    {
        if (_count == FramesMax || (_count > 0 && head.Position != _first + _count)) WriteOut();
        if (_frames.Length == 0) _frames = new byte[FramesMax * PageFrame.Size];
        if (_count == 0) _first = head.Position;
        PageFrame.Write(_frames.AsSpan(_count * PageFrame.Size, PageFrame.Size), head, page);
        _count++;
    }

    /// <summary>On return all that was added is in the file. After an exception nobody knows how much of it is.</summary>
    public void WriteOut()
    {
        if (_count == 0) return;
        file.Write(_first * PageFrame.Size, _frames.AsSpan(0, _count * PageFrame.Size));
        _count = 0;
    }
}
