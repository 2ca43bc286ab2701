using System.Text;
using CsCheck;
using Gateway.Transport;
using Gateway.Transport.Zmtp;
using Shouldly;
using Xunit;
using static Gateway.Tests.Transport.Zmtp.ZmtpBytes;

namespace Gateway.Tests.Transport.Zmtp;

public sealed class ZmtpCheckerTests
{
    [Fact]
    public void WhatRealPeersSend_Passes_AllOfIt()
    {
        foreach (var recording in ZmtpRecordings.All)
        {
            var read = CheckedStream.Read(recording, recording.Length);

            read.Fault.ShouldBe(ConnectionFault.None);
            read.Checker.Ready!.SocketType.ShouldBe("DEALER");
            (read.HandshakeBytes + read.Passed.Length).ShouldBe(recording.Length);
            read.Checker.IsInMessage.ShouldBeFalse();
        }
    }

    [Fact]
    public void TheIdentityOfAPeer_IsRead() =>
        CheckedStream.Read(ZmtpRecordings.PyZmqWithIdentity, 1).Checker.Ready!.Identity.ShouldBe("me"u8.ToArray());

    [Fact]
    public void AReady_IsReadAsItWasWritten()
    {
        foreach (var identityBytes in new[] { 0, 9, 32, 255 })
        {
            var ready = new ZmtpReady("DEALER", [.. Enumerable.Range(0, identityBytes).Select(i => (byte)i)]);

            var read = CheckedStream.Read([.. Greeting, .. ready.Encode()], 1000).Checker.Ready!;

            read.SocketType.ShouldBe("DEALER");
            read.Identity.ShouldBe(ready.Identity);
        }
    }

    public static TheoryData<string, string, byte[]> Handshakes { get; } = new()
    {
        { nameof(ConnectionFault.NotZmtp), "HTTP", Encoding.ASCII.GetBytes("GET / HTTP/1.1\r\n\r\n") },
        { nameof(ConnectionFault.NotZmtp), "TLS", [0x16, 3, 1] },
        { nameof(ConnectionFault.NotZmtp), "a ZMTP 1 size near 2 GB", [0x7F, 0xFF, 0xFF] },
        { nameof(ConnectionFault.OldVersion), "a ZMTP 1 size near 2 GB in the long form", [0xFF, 0, 0, 0, 0, 0x7F, 0xFF, 0xFF, 0xFF, 0] },
        { nameof(ConnectionFault.NotZmtp), "a wrong end of the signature", [0xFF, 0, 0, 0, 0, 0, 0, 0, 1, 0x7D] },
        { nameof(ConnectionFault.OldVersion), "ZMTP 2", [0xFF, 0, 0, 0, 0, 0, 0, 0, 1, 0x7F, 1, 5] },
        { nameof(ConnectionFault.OldVersion), "ZMTP 2 with a size near 2 GB", [0xFF, 0, 0, 0, 0, 0x7F, 0xFF, 0xFF, 0xFF, 0x7F, 1] },
        { nameof(ConnectionFault.Mechanism), "CURVE", Greet("CURVE", 3) },
        { nameof(ConnectionFault.Mechanism), "more than NULL", Greet("NULLS", 3) },
        { nameof(ConnectionFault.GreetingFiller), "as-server", [.. Greeting[..32], 1] },
        { nameof(ConnectionFault.GreetingFiller), "the last byte of the filler", [.. Greeting[..63], 1] },
        { nameof(ConnectionFault.NotReady), "a message before READY", [.. Greeting, .. Message("a")] },
        { nameof(ConnectionFault.NotReady), "PING before READY", [.. Greeting, .. Command([.. "\u0004PING"u8, 0, 0])] },
        { nameof(ConnectionFault.NotReady), "an empty command", [.. Greeting, 4, 0] },
        { nameof(ConnectionFault.PeerError), "ERROR", [.. Greeting, .. Command([.. "\u0005ERROR"u8, 2, .. "no"u8])] },
        { nameof(ConnectionFault.FrameFlags), "a command with more", [.. Greeting, 5, 0] },
        { nameof(ConnectionFault.CommandTooLarge), "a READY of 2 GB", [.. Greeting, .. LongHeader(6, int.MaxValue)] },
        { nameof(ConnectionFault.CommandTooLarge), "a READY of -1", [.. Greeting, .. LongHeader(6, ulong.MaxValue)] },
        { nameof(ConnectionFault.MalformedReady), "a negative property length",
            [.. Greeting, .. Command([.. "\u0005READY"u8, .. Property("Socket-Type", -1, "DEALER")])] },
        { nameof(ConnectionFault.MalformedReady), "the most negative one",
            [.. Greeting, .. Command([.. "\u0005READY"u8, .. Property("Socket-Type", int.MinValue, "DEALER")])] },
        { nameof(ConnectionFault.MalformedReady), "a property longer than the rest",
            [.. Greeting, .. Command([.. "\u0005READY"u8, .. Property("Socket-Type", 7, "DEALER")])] },
        { nameof(ConnectionFault.MalformedReady), "a name longer than the rest", [.. Greeting, .. Command([.. "\u0005READY"u8, 200, 1])] },
        { nameof(ConnectionFault.MalformedReady), "a name without letters",
            [.. Greeting, .. Command([.. "\u0005READY"u8, .. Property("", "x")])] },
        { nameof(ConnectionFault.MalformedReady), "a name with other bytes",
            [.. Greeting, .. Command([.. "\u0005READY"u8, .. Property("a b", "x")])] },
        { nameof(ConnectionFault.MalformedReady), "bytes after the properties",
            [.. Greeting, .. Command([.. "\u0005READY"u8, .. Property("Socket-Type", "DEALER"), 1])] },
        { nameof(ConnectionFault.MalformedReady), "a property twice",
            [.. Greeting, .. Command([.. "\u0005READY"u8, .. Property("Socket-Type", "DEALER"), .. Property("socket-type", "DEALER")])] },
        { nameof(ConnectionFault.MalformedReady), "an identity of 256 bytes", [.. Greeting, .. Ready("DEALER", new string('x', 256))] },
        { nameof(ConnectionFault.SocketType), "none", [.. Greeting, .. Command([.. "\u0005READY"u8])] },
        { nameof(ConnectionFault.SocketType), "another", [.. Greeting, .. Ready("PUB", "")] },
    };

    public static TheoryData<string, string, byte[]> Traffic { get; } = new()
    {
        { nameof(ConnectionFault.FrameFlags), "reserved bits", [8] },
        { nameof(ConnectionFault.FrameFlags), "a command with more", [5] },
        { nameof(ConnectionFault.MalformedCommand), "a command without a byte", [4, 0] },
        { nameof(ConnectionFault.MalformedCommand), "a long one without a byte", LongHeader(6, 0) },
        { nameof(ConnectionFault.MalformedCommand), "a name of no letters", [4, 1, 0] },
        { nameof(ConnectionFault.MalformedCommand), "a name longer than the command", [4, 3, 9, 1, 1] },
        { nameof(ConnectionFault.MalformedCommand), "PING without a time to live", Command([.. "\u0004PING"u8]) },
        { nameof(ConnectionFault.MalformedCommand), "PING with half of one", Command([.. "\u0004PING"u8, 0]) },
        { nameof(ConnectionFault.CommandTooLarge), "PING with a long context", Command([.. "\u0004PING"u8, .. new byte[18], 1]) },
        { nameof(ConnectionFault.MalformedCommand), "PONG with a long context", Command([.. "\u0004PONG"u8, .. new byte[17]]) },
        { nameof(ConnectionFault.CommandTooLarge), "a command of 2 GB", LongHeader(6, int.MaxValue) },
        { nameof(ConnectionFault.CommandTooLarge), "a command of 24 bytes", [4, 24] },
        { nameof(ConnectionFault.UnknownCommand), "SUBSCRIBE", Command([.. "\u0009SUBSCRIBE"u8, 1]) },
        { nameof(ConnectionFault.UnknownCommand), "READY again", Command([.. "\u0005READY"u8]) },
        { nameof(ConnectionFault.FrameTooLarge), "401 bytes", LongHeader(2, 401) },
        { nameof(ConnectionFault.FrameTooLarge), "2 GB", LongHeader(2, int.MaxValue) },
        { nameof(ConnectionFault.FrameTooLarge), "a size with the highest bit", LongHeader(2, ulong.MaxValue) },
        { nameof(ConnectionFault.MessageTooLarge), "1,001 bytes in three",
            [.. Frame(1, new byte[400]), .. Frame(1, new byte[400]), .. LongHeader(2, 201)] },
        { nameof(ConnectionFault.TooManyParts), "nine", [.. Enumerable.Repeat<byte[]>([1, 0], 9).SelectMany(part => part)] },
    };

    [Theory]
    [MemberData(nameof(Handshakes))]
    public void AHandshake_ThatIsWrong_IsRefused(string fault, string how, byte[] bytes)
    {
        var read = CheckedStream.Read(bytes, 3);

        read.Fault.ToString().ShouldBe(fault, how);
        read.Passed.ShouldBeEmpty();
    }

    [Theory]
    [MemberData(nameof(Traffic))]
    public void Traffic_ThatIsWrong_EndsWhereItIsWrong(string fault, string how, byte[] bytes)
    {
        var before = Message("first", "message");

        var read = CheckedStream.Read([.. Handshake, .. before, .. bytes, .. Message("never seen")], 1);

        read.Fault.ToString().ShouldBe(fault, how);
        Encoding.Latin1.GetString(read.Passed).ShouldStartWith(Encoding.Latin1.GetString(before));
        Encoding.Latin1.GetString(read.Passed).ShouldNotContain("never");
    }

    [Fact]
    public void Limits_AreWhatMayBeSent()
    {
        byte[] traffic =
        [
            .. Frame(1, new byte[400]), .. Frame(1, new byte[400]), .. Frame(0, new byte[200]),
            .. Message("1", "2", "3", "4", "5", "6", "7", ""), 0, 0,
            .. Command([.. "\u0004PING"u8, .. new byte[18]]), .. Command([.. "\u0004PONG"u8, .. new byte[16]]), .. LongHeader(2, 0),
        ];

        var read = CheckedStream.Read([.. Handshake, .. traffic], 7);

        read.Fault.ShouldBe(ConnectionFault.None);
        read.Passed.ShouldBe(traffic);
        read.Checker.Commands.ShouldBe(2);
        read.Checker.Completed.ShouldBe(6);
    }

    [Fact]
    public void APing_BetweenTheFramesOfAMessage_Passes()
    {
        byte[] traffic = [.. Frame(1, [1]), .. Command([.. "\u0004PING"u8, 0, 0]), .. Frame(0, [2])];

        CheckedStream.Read([.. Handshake, .. traffic], 2).Passed.ShouldBe(traffic);
    }

    [Fact]
    public void ACommand_ThatHasNotArrivedWhole_DoesNotPass()
    {
        var ping = Command([.. "\u0004PING"u8, 0, 0]);

        CheckedStream.Read([.. Handshake, .. ping[..^1]], 100).Passed.ShouldBeEmpty();
    }

    [Fact]
    public void TheResult_DoesNotDependOn_HowTheStreamWasCut()
    {
        var traffic = Gen.OneOf(Gen.Const(Traffic.ToArray()).SelectMany(
            rows => Gen.Int[0, rows.Length - 1].Select(i => rows[i].Data.Item3)), Gen.Const(Message("a", "b")), Gen.Byte.Array[0, 20]);
        var streams = Gen.OneOf(
            traffic.Array[0, 6].Select(parts => (byte[])[.. Handshake, .. parts.SelectMany(part => part)]),
            Gen.Const(Handshakes.ToArray()).SelectMany(rows => Gen.Int[0, rows.Length - 1].Select(i => rows[i].Data.Item3)),
            Gen.Int[0, ZmtpRecordings.All.Count - 1].Select(i => ZmtpRecordings.All[i]));
        Gen.Select(streams, Gen.Int[1, 90].Array[1, 8]).Sample(
            (stream, pieces) =>
            {
                var (whole, cut) = (CheckedStream.Read(stream, Math.Max(1, stream.Length)), CheckedStream.Read(stream, pieces));
                cut.Fault.ShouldBe(whole.Fault);
                cut.HandshakeBytes.ShouldBe(whole.HandshakeBytes);
                cut.Passed.ShouldBe(whole.Passed);
            },
            iter: 5_000);
    }
}
