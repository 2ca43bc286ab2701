using System.Buffers;
using Gateway.Transport;
using Gateway.Transport.Zmtp;

namespace Gateway.Tests.Transport.Zmtp;

/// <summary>Shows a stream to a checker as a connection would, in pieces, and keeps what it lets pass.</summary>
internal sealed class CheckedStream
{
    public static readonly ZmtpLimits Limits = new(["DEALER"], FrameBytesMax: 400, MessageBytesMax: 1000, PartsMax: 8);

    public required ConnectionFault Fault { get; init; }

    public required ZmtpChecker Checker { get; init; }

    /// <summary>The bytes that passed of the greeting and the READY.</summary>
    public required int HandshakeBytes { get; init; }

    /// <summary>The bytes that passed after them.</summary>
    public required byte[] Passed { get; init; }

    /// <param name="pieces">The sizes of the pieces, over and over again.</param>
    public static CheckedStream Read(byte[] stream, params int[] pieces)
    {
        var checker = new ZmtpChecker(Limits);
        var passed = 0;
        var handshake = 0;
        var fault = ConnectionFault.None;
        for (int arrived = 0, turn = 0; fault == ConnectionFault.None && arrived < stream.Length; turn++)
        {
            var before = arrived;
            arrived = Math.Min(stream.Length, arrived + pieces[turn % pieces.Length]);
            ZmtpPhase phase;
            do
            {
                phase = checker.Phase;
                fault = checker.Check(InTwo(stream, passed, before, arrived), out var passes);
                passed += (int)passes;
                if (phase != ZmtpPhase.Traffic) handshake = passed;
            }
            while (fault == ConnectionFault.None && phase != checker.Phase);
        }

        return new CheckedStream { Fault = fault, Checker = checker, HandshakeBytes = handshake, Passed = stream[handshake..passed] };
    }

    /// <summary>The bytes as a pipe gives them: what was there before and what is new in separate segments.</summary>
    public static ReadOnlySequence<byte> InTwo(byte[] stream, int from, int cut, int to)
    {
        if (cut <= from) return new ReadOnlySequence<byte>(stream, from, to - from);
        var first = new Segment(stream.AsMemory(from, cut - from), 0);
        var second = new Segment(stream.AsMemory(cut, to - cut), cut - from);
        first.Append(second);
        return new ReadOnlySequence<byte>(first, 0, second, second.Memory.Length);
    }

    private sealed class Segment : ReadOnlySequenceSegment<byte>
    {
        public Segment(ReadOnlyMemory<byte> memory, long runningIndex)
        {
            Memory = memory;
            RunningIndex = runningIndex;
        }

        public void Append(Segment next) => Next = next;
    }
}
