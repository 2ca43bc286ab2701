using System.Buffers;
using Gateway.Transport;
using Gateway.Transport.Zmtp;
using Shouldly;
using Xunit;

namespace Gateway.Tests.Transport.Zmtp;

/// <summary>Messages that are cut out of a stream, whichever way it was cut itself.</summary>
public sealed class ZmtpReaderTests
{
    private static readonly byte[] _conversation =
    [
        .. ZmtpBytes.Handshake,
        .. ZmtpBytes.Message("HELLO", "1", "", "shop"),
        .. ZmtpBytes.Command([.. "\u0004PING"u8, 0, 7, 1, 2, 3]),
        .. ZmtpBytes.Frame(1, "ENQUEUE"u8.ToArray()),
        .. ZmtpBytes.Command([.. "\u0004PING"u8, 0, 0]),
        .. ZmtpBytes.Frame(1, new byte[300]),
        .. ZmtpBytes.Frame(0, []),
        .. ZmtpBytes.Command([.. "\u0004PONG"u8]),
        .. ZmtpBytes.Message("", ""),
        .. ZmtpBytes.Message(new string('x', 256)),
    ];

    [Fact]
    public void AConversation_CutAtEachOfItsBytes_GivesTheSameMessages()
    {
        var whole = ReadStream.Read(_conversation, _conversation.Length);
        whole.Fault.ShouldBe(ConnectionFault.None);
        whole.Messages.Count.ShouldBe(4);
        whole.Contexts.ShouldBe(["010203", ""]);

        for (var cut = 1; cut < _conversation.Length; cut++)
        {
            var read = ReadStream.Read(_conversation, cut, _conversation.Length);
            (read.Fault, string.Join(' ', read.Messages), string.Join(' ', read.Contexts))
                .ShouldBe((whole.Fault, string.Join(' ', whole.Messages), string.Join(' ', whole.Contexts)), $"cut after {cut} bytes");
        }
    }

    [Fact]
    public void AConversation_ByteByByte_GivesTheSameMessages() =>
        ReadStream.Read(_conversation, 1).Messages.ShouldBe(ReadStream.Read(_conversation, _conversation.Length).Messages);

    [Fact]
    public void AConversation_ThatEndsAtEachOfItsBytes_GivesNoMessageThatIsNotWhole()
    {
        var whole = ReadStream.Read(_conversation, _conversation.Length).Messages;
        for (var end = 1; end < _conversation.Length; end++)
        {
            var read = ReadStream.Read(_conversation[..end], 7);
            read.Fault.ShouldBe(ConnectionFault.None);
            read.Messages.ShouldBe(whole.Take(read.Messages.Count));
        }
    }

    [Fact]
    public void WhatComesBeforeAFault_IsGiven_AndTheRestIsNot()
    {
        var read = ReadStream.Read(
            [.. ZmtpBytes.Handshake, .. ZmtpBytes.Message("good"), .. ZmtpBytes.Frame(1, [1]), 4, 0, .. ZmtpBytes.Message("bad")], 1000);

        read.Fault.ShouldBe(ConnectionFault.MalformedCommand);
        read.Messages.ShouldBe([Convert.ToHexString("good"u8)]);
    }

    [Fact]
    public void NothingIsTaken_OfAMessageOfOneFrame_BeforeItIsWhole()
    {
        var reader = new ZmtpReader(ZmtpChecker.AfterHandshake(new ZmtpLimits([], long.MaxValue, 10_000_000, 3)));
        var (messages, contexts) = (new List<List<byte[]>>(), new List<byte[]>());
        byte[] message = [.. ZmtpBytes.LongHeader(2, 1_000_000), .. new byte[1_000_000]];

        reader.Read(new ReadOnlySequence<byte>(message.AsMemory(0, 900_000)), messages, contexts, out var taken)
            .ShouldBe(ConnectionFault.None);
        (taken, reader.RoomNeeded, messages.Count).ShouldBe((0, 1_000_000, 0));

        reader.Read(new ReadOnlySequence<byte>(message), messages, contexts, out taken).ShouldBe(ConnectionFault.None);
        (taken, reader.RoomNeeded, messages.Count).ShouldBe((message.Length, 0, 1));
    }

    [Fact]
    public void ALargeMessage_OfWhichMoreFramesFollow_NeedsRoomForAllThatItMayCome_Once()
    {
        var reader = new ZmtpReader(ZmtpChecker.AfterHandshake(new ZmtpLimits([], 1_000_000, 2_000_000, 3)));
        var (messages, contexts) = (new List<List<byte[]>>(), new List<byte[]>());

        reader.Read(new ReadOnlySequence<byte>([.. ZmtpBytes.LongHeader(3, 100_000), 1]), messages, contexts, out var taken);
        (taken, reader.RoomNeeded).ShouldBe((0, 2_000_000));

        reader.Read(new ReadOnlySequence<byte>([.. ZmtpBytes.LongHeader(3, 100_000), .. new byte[100_000], 1]), messages,
            contexts, out taken);
        (taken, reader.RoomNeeded).ShouldBe((100_009, 2_000_000));
    }
}
