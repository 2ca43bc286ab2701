using System.Buffers;

namespace Gateway.Transport.Zmtp;

/// <summary>Packs the messages of a stream that was checked. A message of one frame passes as it comes; one of several is kept until it is whole.</summary>
internal sealed class MessagePacker
{
    private const int KeptBytesMax = 64 * 1024;

    private ArrayBufferWriter<byte> _gathered = new();
    private long _bodyLeft;
    private bool _hasMore;

    /// <param name="passed">What comes next in the stream, cut within the body of a frame or between frames, but not within a header or a command.</param>
    public void Pack(ReadOnlySequence<byte> passed, IBufferWriter<byte> to)
    {
        while (!passed.IsEmpty)
        {
            var taken = _bodyLeft == 0 ? Begin(passed, to) : Go(passed, to);
            passed = passed.Slice(taken);
        }
    }

    private long Begin(in ReadOnlySequence<byte> passed, IBufferWriter<byte> to)
    {
        var isHeader = ZmtpFrameHeader.TryRead(passed, out var header, out _);
        Invariant.Require(isHeader, "what was checked is not cut within a header");
        if (header.IsCommand)
        {
            // It may come between the frames of a message, and goes before it.
            Copy(passed.Slice(0, header.Size + (long)header.BodyBytes), to);
            return header.Size + (long)header.BodyBytes;
        }

        _hasMore = header.HasMore;
        _bodyLeft = (long)header.BodyBytes;
        var target = TargetOf(to);
        if (target == to) PutHeader(header.Size + _bodyLeft, to);
        Copy(passed.Slice(0, header.Size), target);
        if (_bodyLeft == 0) EndFrame(to);
        return header.Size;
    }

    private long Go(in ReadOnlySequence<byte> passed, IBufferWriter<byte> to)
    {
        var taken = Math.Min(_bodyLeft, passed.Length);
        Copy(passed.Slice(0, taken), TargetOf(to));
        _bodyLeft -= taken;
        if (_bodyLeft == 0) EndFrame(to);
        return taken;
    }

    private IBufferWriter<byte> TargetOf(IBufferWriter<byte> to) => _hasMore || _gathered.WrittenCount > 0 ? _gathered : to;

    private void EndFrame(IBufferWriter<byte> to)
    {
        if (_hasMore || _gathered.WrittenCount == 0) return;
        PutHeader(_gathered.WrittenCount, to);
        to.Write(_gathered.WrittenSpan);
        if (_gathered.Capacity > KeptBytesMax) _gathered = new ArrayBufferWriter<byte>();
        else _gathered.ResetWrittenCount();
    }

    private static void PutHeader(long length, IBufferWriter<byte> to) => to.Advance(ZmtpFrameHeader.Write(to.GetSpan(ZmtpFrameHeader.LongSize), length, hasMore: false));

    private static void Copy(in ReadOnlySequence<byte> bytes, IBufferWriter<byte> to)
    {
        foreach (var piece in bytes) to.Write(piece.Span);
    }
}
