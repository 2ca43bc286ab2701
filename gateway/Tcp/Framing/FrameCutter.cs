using System.Buffers;
using System.Buffers.Binary;

namespace Gateway.Tcp.Framing;

/// <summary>
/// Cuts the bytes of one direction of one conversation into frames. The bytes are hostile: a length is believed only within the bound, and
/// nothing is reserved for it. Pure; one owner.
/// </summary>
internal sealed class FrameCutter
{
    private readonly FrameFormat _format;

    /// <summary>Bytes of the frame to come that were looked at and need not be looked at again.</summary>
    private int _looked;

    /// <summary>The length of the frame to come; 0 while it is not known.</summary>
    private int _whole;

    /// <summary>Of an octet count: the number in the digits looked at.</summary>
    private int _count;

    /// <param name="format">A format in which a frame has at least one byte and at most its bound.</param>
    public FrameCutter(FrameFormat format)
    {
        Invariant.Require(format.FrameBytesMin is > 0 && format.FrameBytesMin <= format.FrameBytesMax, "no frame fits the bound");
        _format = format;
    }

    /// <summary>Set once the bytes are no frame; from then on nothing is cut.</summary>
    public FrameFault? Fault { get; private set; }

    /// <summary>The bytes in all frames that were cut: where the next one begins in the conversation.</summary>
    public long Offset { get; private set; }

    /// <summary>
    /// Takes the next whole frame from the beginning of <paramref name="input"/>. <see langword="false"/> if more bytes are needed, or
    /// there is a <see cref="Fault"/>: then the input stays as it is, and the next call begins with the same bytes and those that came
    /// since.
    /// </summary>
    public bool TryCut(ref ReadOnlySequence<byte> input, out ReadOnlySequence<byte> frame)
    {
        frame = default;
        if (Fault is not null) return false;
        if (_whole == 0) Measure(input);
        if (_whole == 0 || input.Length < _whole) return false;

        frame = input.Slice(0, _whole);
        input = input.Slice(_whole);
        Offset += _whole;
        (_looked, _whole, _count) = (0, 0, 0);
        return true;
    }

    /// <summary>Finds the length of the frame that begins here, if the bytes tell it already.</summary>
    private void Measure(in ReadOnlySequence<byte> input)
    {
        switch (_format)
        {
            case FrameFormat.LengthPrefix prefix: MeasurePrefix(prefix, input); break;
            case FrameFormat.OctetCounted: MeasureCount(input); break;
            case FrameFormat.Delimiter delimiter: MeasureEnd(delimiter.End.Span, input); break;
            case FrameFormat.StartEnd { Start: var start, End: var end }:
                if (HasStart(start.Span, input)) MeasureEnd(end.Span, input);
                break;
            case FrameFormat.FixedSize: _whole = _format.FrameBytesMax; break;
            case FrameFormat.Stream: _whole = (int)Math.Min(input.Length, _format.FrameBytesMax); break;
            default: throw new InvalidOperationException($"No cutter for {_format.GetType().Name}.");
        }
    }

    private void MeasurePrefix(FrameFormat.LengthPrefix prefix, in ReadOnlySequence<byte> input)
    {
        if (input.Length < prefix.Offset + prefix.Size) return;
        Span<byte> wide = stackalloc byte[sizeof(ulong)];
        wide.Clear();
        input.Slice(prefix.Offset, prefix.Size).CopyTo(prefix.IsBigEndian ? wide[^prefix.Size..] : wide);
        var length = prefix.IsBigEndian ? BinaryPrimitives.ReadUInt64BigEndian(wide) : BinaryPrimitives.ReadUInt64LittleEndian(wide);
        var counted = prefix.Counts switch
        {
            LengthCounts.Body => 0,
            LengthCounts.Length => prefix.Size,
            _ => prefix.HeaderBytes,
        };
        if (length < (ulong)counted)
        {
            Fail(FrameFaultKind.LengthTooSmall, input, $"its length is {length}, less than the {counted} bytes that are counted at least");
            return;
        }

        // Compared before anything is added to it, so that no length wraps around.
        if (length > (ulong)_format.FrameBytesMax || length - (ulong)counted > (ulong)(_format.FrameBytesMax - prefix.HeaderBytes))
            Fail(FrameFaultKind.TooLong, input, $"its length is {length}, and the largest frame has {_format.FrameBytesMax} bytes");
        else
            _whole = prefix.HeaderBytes + (int)length - counted;
    }

    private void MeasureCount(in ReadOnlySequence<byte> input)
    {
        var reader = new SequenceReader<byte>(input);
        reader.Advance(_looked);
        while (reader.TryRead(out var value))
        {
            if (value == (byte)' ' && _looked > 0)
            {
                if (_looked + 1L + _count <= _format.FrameBytesMax) _whole = _looked + 1 + _count;
                else FailCount(input, _count);
                return;
            }

            if (!char.IsAsciiDigit((char)value) || (value == (byte)'0' && _looked == 0))
            {
                Fail(FrameFaultKind.NotALength, input, "it does not begin with its length in decimal digits and a space");
                return;
            }

            var count = (_count * 10L) + (value - '0');
            if (count > _format.FrameBytesMax)
            {
                FailCount(input, count);
                return;
            }

            _count = (int)count;
            _looked++;
        }
    }

    private void FailCount(in ReadOnlySequence<byte> input, long count) => Fail(FrameFaultKind.TooLong, input,
        $"it announces {count} bytes or more, and the largest frame has {_format.FrameBytesMax} bytes");

    private bool HasStart(ReadOnlySpan<byte> start, in ReadOnlySequence<byte> input)
    {
        if (_looked >= start.Length) return true;
        var reader = new SequenceReader<byte>(input);
        reader.Advance(_looked);
        while (_looked < start.Length && reader.TryRead(out var value))
        {
            if (value != start[_looked])
            {
                Fail(FrameFaultKind.NoStart, input, $"it does not begin with {ByteText.Show(start)}");
                return false;
            }

            _looked++;
        }

        return _looked == start.Length;
    }

    /// <summary>Looks for the end behind the bytes looked at: no occurrence of it begins in those.</summary>
    private void MeasureEnd(ReadOnlySpan<byte> end, in ReadOnlySequence<byte> input)
    {
        // What lies beyond the largest frame is not looked at, so that the verdict does not depend on how the bytes came.
        var within = input.Length > _format.FrameBytesMax ? input.Slice(0, _format.FrameBytesMax) : input;
        var reader = new SequenceReader<byte>(within);
        reader.Advance(_looked);
        if (reader.TryReadTo(out ReadOnlySequence<byte> _, end))
            _whole = (int)reader.Consumed;
        else if (input.Length >= _format.FrameBytesMax)
            Fail(FrameFaultKind.TooLong, input, $"its end, {ByteText.Show(end)}, is not within {_format.FrameBytesMax} bytes");
        else
            _looked = Math.Max(_looked, (int)within.Length - end.Length + 1);
    }

    private void Fail(FrameFaultKind kind, in ReadOnlySequence<byte> input, string reason) => Fault = new FrameFault(
        kind, Offset, input.Slice(0, Math.Min(input.Length, FrameFault.FirstBytesMax)).ToArray(), reason);
}
