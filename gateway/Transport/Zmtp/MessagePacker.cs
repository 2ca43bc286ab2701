using System.Buffers;
using Gateway.Client.Wire;

namespace Gateway.Transport.Zmtp;

/// <summary>
/// Packs the messages of a stream that was checked, as many as are there whole into one frame: see <see cref="PackedMessages"/>. A message of one frame that is not there whole passes as it comes; one of several is kept until it is.
/// </summary>
internal sealed class MessagePacker
{
    /// <summary>No further message is packed into a frame that has so much.</summary>
    private const int RunBytes = 64 * 1024;

    private const int KeptBytesMax = 64 * 1024;

    /// <summary>The beginning of a message of several frames.</summary>
    private ArrayBufferWriter<byte> _gathered = new();
    private long _bodyLeft;
    private bool _hasMore;

    /// <summary>Of a message that passes as it comes.</summary>
    private long _passingLeft;

    /// <summary>Of messages, without the headers that were put before them; counted from where a message begins.</summary>
    public long BytesPacked { get; private set; }

    /// <param name="passed">What comes next in the stream, cut within the body of a frame or between frames, but not within a header or a command.</param>
    public void Pack(ReadOnlySequence<byte> passed, IBufferWriter<byte> to)
    {
        while (!passed.IsEmpty)
        {
            var taken = _passingLeft > 0 ? Pass(passed, to) : _gathered.WrittenCount > 0 ? Gather(passed, to) : Begin(passed, to);
            passed = passed.Slice(taken);
        }
    }

    private long Begin(in ReadOnlySequence<byte> passed, IBufferWriter<byte> to)
    {
        var whole = WholeMessages(passed);
        if (whole > 0)
        {
            PutHeader(whole, to);
            Copy(passed.Slice(0, whole), to);
            return whole;
        }

        var header = HeaderOf(passed);
        if (header.IsCommand || header.HasMore) return Gather(passed, to);
        _passingLeft = header.Size + (long)header.BodyBytes;
        PutHeader(_passingLeft, to);
        return 0;
    }

    private static long WholeMessages(in ReadOnlySequence<byte> passed)
    {
        var whole = 0L;
        for (var end = 0L; end < passed.Length && whole < RunBytes;)
        {
            var header = HeaderOf(passed.Slice(end));
            end += header.Size + (long)header.BodyBytes;
            if (header.IsCommand || end > passed.Length) break;
            if (!header.HasMore) whole = end;
        }

        return whole;
    }

    private long Pass(in ReadOnlySequence<byte> passed, IBufferWriter<byte> to)
    {
        var taken = Math.Min(_passingLeft, passed.Length);
        Copy(passed.Slice(0, taken), to);
        _passingLeft -= taken;
        return taken;
    }

    private long Gather(in ReadOnlySequence<byte> passed, IBufferWriter<byte> to)
    {
        var taken = Math.Min(_bodyLeft, passed.Length);
        if (taken > 0)
        {
            _bodyLeft -= taken;
        }
        else
        {
            var header = HeaderOf(passed);
            if (header.IsCommand)
            {
                // It may come between the frames of a message, and goes before it.
                Copy(passed.Slice(0, header.Size + (long)header.BodyBytes), to);
                return header.Size + (long)header.BodyBytes;
            }

            (_hasMore, _bodyLeft, taken) = (header.HasMore, (long)header.BodyBytes, header.Size);
        }

        Copy(passed.Slice(0, taken), _gathered);
        if (_bodyLeft == 0 && !_hasMore) PutGathered(to);
        return taken;
    }

    private void PutGathered(IBufferWriter<byte> to)
    {
        PutHeader(_gathered.WrittenCount, to);
        to.Write(_gathered.WrittenSpan);
        if (_gathered.Capacity > KeptBytesMax) _gathered = new ArrayBufferWriter<byte>();
        else _gathered.ResetWrittenCount();
    }

    private static ZmtpFrameHeader HeaderOf(in ReadOnlySequence<byte> passed)
    {
        var isHeader = ZmtpFrameHeader.TryRead(passed, out var header, out _);
        Invariant.Require(isHeader, "what was checked is not cut within a header");
        return header;
    }

    private void PutHeader(long length, IBufferWriter<byte> to)
    {
        BytesPacked += length;
        to.Advance(PackedMessages.WriteHeader(to.GetSpan(ZmtpFrameHeader.LongSize), length, hasMore: false));
    }

    private static void Copy(in ReadOnlySequence<byte> bytes, IBufferWriter<byte> to)
    {
        foreach (var piece in bytes) to.Write(piece.Span);
    }
}
