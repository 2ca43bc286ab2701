using System.Buffers;
using System.Text;
using Gateway.Tcp.Framing;
using Shouldly;

namespace Gateway.Tests.Tcp.Framing;

/// <summary>What a <see cref="FrameCutter"/> makes of a stream that arrives in pieces, as a reader of a pipe would call it.</summary>
internal sealed record CutStream(IReadOnlyList<string> Frames, string Rest, FrameFault? Fault)
{
    /// <summary>The stream arrives in pieces of these sizes, over and over; each is a segment of its own.</summary>
    public static CutStream Of(FrameFormat format, byte[] stream, params int[] pieces)
    {
        var cutter = new FrameCutter(format);
        var frames = new List<string>();
        var (taken, arrived) = (0, 0);
        var ends = new List<int>();
        for (var i = 0; arrived < stream.Length && cutter.Fault is null; i++)
        {
            arrived = Math.Min(stream.Length, arrived + pieces[i % pieces.Length]);
            ends.Add(arrived);
            var input = Segments(stream, taken, ends);
            while (cutter.TryCut(ref input, out var frame)) frames.Add(Text(frame.ToArray()));
            taken = arrived - (int)input.Length;
        }

        cutter.Offset.ShouldBe(taken);
        return new CutStream(frames, Text(stream[taken..arrived]), cutter.Fault);
    }

    /// <summary>The bytes as Latin-1, one character each.</summary>
    public static string Text(byte[] bytes) => Encoding.Latin1.GetString(bytes);

    public static byte[] Bytes(string text) => Encoding.Latin1.GetBytes(text);

    private static ReadOnlySequence<byte> Segments(byte[] stream, int from, List<int> ends)
    {
        Segment? first = null, last = null;
        foreach (var end in ends.Where(end => end > from))
        {
            var segment = new Segment(stream.AsMemory(from, end - from), last);
            first ??= segment;
            last = segment;
            from = end;
        }

        return first is null ? default : new ReadOnlySequence<byte>(first, 0, last!, last!.Memory.Length);
    }

    private sealed class Segment : ReadOnlySequenceSegment<byte>
    {
        public Segment(ReadOnlyMemory<byte> memory, Segment? before)
        {
            Memory = memory;
            if (before is null) return;
            RunningIndex = before.RunningIndex + before.Memory.Length;
            before.Next = this;
        }
    }
}
