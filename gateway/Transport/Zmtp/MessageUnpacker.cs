using System.Buffers;

namespace Gateway.Transport.Zmtp;

/// <summary>The way back: gives the frames of packed messages.</summary>
internal sealed class MessageUnpacker
{
    private long _bodyLeft;
    private bool _isCommand;

    /// <param name="passed">As for <see cref="MessagePacker.Pack"/>.</param>
    /// <returns>Bytes of packed messages among it, without their own headers.</returns>
    public long Unpack(ReadOnlySequence<byte> passed, IBufferWriter<byte> to)
    {
        var messageBytes = 0L;
        while (!passed.IsEmpty)
        {
            var skipped = 0;
            if (_bodyLeft == 0)
            {
                var isHeader = ZmtpFrameHeader.TryRead(passed, out var header, out _);
                Invariant.Require(isHeader, "what was checked is not cut within a header");
                _isCommand = header.IsCommand;
                skipped = _isCommand ? 0 : header.Size;
                _bodyLeft = (long)header.BodyBytes + header.Size - skipped;
            }

            var taken = Math.Min(_bodyLeft, passed.Length - skipped);
            foreach (var piece in passed.Slice(skipped, taken)) to.Write(piece.Span);
            _bodyLeft -= taken;
            if (!_isCommand) messageBytes += taken;
            passed = passed.Slice(skipped + taken);
        }

        return messageBytes;
    }
}
