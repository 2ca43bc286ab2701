using System.Buffers;

namespace Gateway.Transport.Zmtp;

/// <summary>The way back: gives the frames of packed messages.</summary>
internal sealed class MessageUnpacker
{
    private long _bodyLeft;

    /// <param name="passed">As for <see cref="MessagePacker.Pack"/>.</param>
    public void Unpack(ReadOnlySequence<byte> passed, IBufferWriter<byte> to)
    {
        while (!passed.IsEmpty)
        {
            var skipped = 0;
            if (_bodyLeft == 0)
            {
                var isHeader = ZmtpFrameHeader.TryRead(passed, out var header, out _);
                Invariant.Require(isHeader, "what was checked is not cut within a header");
                skipped = header.IsCommand ? 0 : header.Size;
                _bodyLeft = (long)header.BodyBytes + header.Size - skipped;
            }

            var taken = Math.Min(_bodyLeft, passed.Length - skipped);
            foreach (var piece in passed.Slice(skipped, taken)) to.Write(piece.Span);
            _bodyLeft -= taken;
            passed = passed.Slice(skipped + taken);
        }
    }
}
