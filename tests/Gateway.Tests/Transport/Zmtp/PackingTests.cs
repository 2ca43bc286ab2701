using System.Buffers;
using CsCheck;
using Gateway.Client.Wire;
using Gateway.Transport;
using Gateway.Transport.Zmtp;
using Shouldly;
using Xunit;

namespace Gateway.Tests.Transport.Zmtp;

/// <summary>Messages of several frames on their way through one frame, and back.</summary>
public sealed class PackingTests
{
    private static readonly ZmtpLimits _limits = new(["DEALER"], 1 << 20, 1 << 20, 1000);

    private static readonly Gen<byte[]> _frame = Gen.OneOf(Gen.Byte.Array[0, 3], Gen.Byte.Array[250, 260], Gen.Byte.Array[1000]);
    private static readonly Gen<byte[][]> _message = _frame.Array[1, 5];

    [Fact]
    public void AStream_CutAnywhere_IsPackedWhole() => Gen.Select(_message.Array[1, 8], Gen.Int[1, 400]).Sample((messages, step) =>
    {
        var packed = Through(Wire(messages), step, new MessagePacker().Pack);

        // The frames that carry the messages are, one behind the other, packed messages themselves.
        Unpacked(packed).SelectMany(outer => Unpacked(outer.ShouldHaveSingleItem())).Select(Text).ShouldBe(messages.Select(Text));
    });

    [Fact]
    public void WhatARouterPacks_ComesOutAsItsFrames() => Gen.Select(_message.Array[1, 8], Gen.Int[1, 400]).Sample((messages, step) =>
    {
        var packed = messages.SelectMany(message =>
        {
            var frames = message.Select(frame => (ReadOnlyMemory<byte>)frame).ToList();
            var bytes = new byte[PackedMessages.SizeBytes(frames)];
            PackedMessages.Write(frames, bytes);
            return ZmtpBytes.Frame(0, bytes);
        }).ToArray();

        Convert.ToHexString(Through(packed, step, Unpacking())).ShouldBe(Convert.ToHexString(Wire(messages)));
    });

    [Fact]
    public void ACommand_BetweenFrames_GoesBeforeTheMessage()
    {
        byte[] ping = ZmtpBytes.Command([.. "\u0004PING"u8, 0, 0]);
        byte[] stream = [.. ZmtpBytes.Frame(1, [1]), .. ping, .. ZmtpBytes.Frame(0, [2])];

        Through(stream, stream.Length, new MessagePacker().Pack).ShouldBe([.. ping, .. ZmtpBytes.Frame(0, [1, 1, 1, 0, 1, 2])]);
        Through([.. ping, .. ZmtpBytes.Frame(0, [0, 1, 7])], 1, Unpacking()).ShouldBe([.. ping, 0, 1, 7]);
    }

    [Fact]
    public void Messages_ThatAreThereWhole_ShareAFrame()
    {
        byte[] two = [.. ZmtpBytes.Message("a", "b"), .. ZmtpBytes.Message("c")];

        Through([.. two, .. ZmtpBytes.Message("d", "e")], two.Length + 3, new MessagePacker().Pack).ShouldBe([.. ZmtpBytes.Frame(0, two), .. ZmtpBytes.Frame(0, ZmtpBytes.Message("d", "e"))]);
    }

    [Fact]
    public void AMessage_OfOneFrame_IsNotKeptUntilItIsWhole()
    {
        var to = new ArrayBufferWriter<byte>();
        new MessagePacker().Pack(new ReadOnlySequence<byte>([0, 100, 1, 2, 3]), to);

        to.WrittenSpan.ToArray().ShouldBe([0, 102, 0, 100, 1, 2, 3]);
    }

    /// <summary>In pieces that a checker lets pass, as they do in a splice.</summary>
    private static byte[] Through(byte[] stream, int step, Action<ReadOnlySequence<byte>, IBufferWriter<byte>> pass)
    {
        var checker = ZmtpChecker.AfterHandshake(_limits);
        var to = new ArrayBufferWriter<byte>();
        for (var (begin, end) = (0, 0); begin < stream.Length;)
        {
            end = Math.Min(end + step, stream.Length);
            var unread = new ReadOnlySequence<byte>(stream, begin, end - begin);
            checker.Check(unread, out var passes).ShouldBe(ConnectionFault.None);
            pass(unread.Slice(0, passes), to);
            begin += (int)passes;
        }

        return to.WrittenSpan.ToArray();
    }

    private static List<List<byte[]>> Unpacked(byte[] packed)
    {
        var all = new List<List<byte[]>>();
        for (var messages = new PackedMessages(packed); messages.TryNext(out var frames);) all.Add(frames);
        return all;
    }

    private static Action<ReadOnlySequence<byte>, IBufferWriter<byte>> Unpacking()
    {
        var unpacker = new MessageUnpacker();
        return (passed, to) => unpacker.Unpack(passed, to);
    }

    private static byte[] Wire(byte[][][] messages) => [.. messages.SelectMany(message => message.SelectMany((frame, i) => ZmtpBytes.Frame((byte)(i < message.Length - 1 ? 1 : 0), frame)))];

    private static string Text(IEnumerable<byte[]> frames) => string.Join(' ', frames.Select(Convert.ToHexString));
}
