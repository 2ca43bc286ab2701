using Gateway.Management;
using Gateway.Tcp;
using Gateway.Tcp.Framing;
using Shouldly;
using Xunit;

namespace Gateway.Tests.Management;

/// <summary>The settings of inlets and outlets in words.</summary>
public sealed class TcpWordsTests
{
    [Fact]
    public void EachFraming_IsAClause()
    {
        TcpWords.Of(new FrameFormat.LengthPrefix(65536, 4, 0, 4, IsBigEndian: true, LengthCounts.Body))
            .ShouldBe("begins with the length of what follows in 4 bytes, big-endian; up to 65.5 kB");
        TcpWords.Of(new FrameFormat.LengthPrefix(65536, 12, 8, 2, IsBigEndian: false, LengthCounts.Frame))
            .ShouldBe("begins with the length of the whole frame in 2 bytes, little-endian, at 8 in a header of 12 bytes; up to 65.5 kB");
        TcpWords.Of(new FrameFormat.LengthPrefix(256, 1, 0, 1, IsBigEndian: true, LengthCounts.Length))
            .ShouldBe("begins with the length of itself and what follows in 1 byte; up to 256 B");
        TcpWords.Of(new FrameFormat.OctetCounted(8192)).ShouldBe("begins with its length in decimal digits and a space; up to 8.2 kB");
        TcpWords.Of(new FrameFormat.Delimiter(1000, "\r\n"u8.ToArray())).ShouldBe(@"ends with \r\n; up to 1 kB");
        TcpWords.Of(new FrameFormat.StartEnd(1000, new byte[] { 11 }, new byte[] { 28, 13 }))
            .ShouldBe(@"begins with \x0B, ends with \x1C\r; up to 1 kB");
        TcpWords.Of(new FrameFormat.FixedSize(128)).ShouldBe("128 B each");
        TcpWords.Of(new FrameFormat.Stream()).ShouldBe("a stream without frames, in pieces; up to 65.5 kB");
    }

    [Fact]
    public void WhatIsAnswered_AndWhatIsDelivered_AreClauses()
    {
        var inlet = TcpGlances.Inlet().Status.Settings;
        TcpWords.Answer(inlet).ShouldBe(@"\x06 for each frame on the disk");
        TcpWords.Answer(inlet with { Answer = InletAnswer.Far }).ShouldBe("what the far program replies");
        TcpWords.Answer(inlet with { Answer = InletAnswer.Nothing }).ShouldBe("nothing");

        var outlet = TcpGlances.Outlet().Status.Settings;
        TcpWords.Delivery(outlet).ShouldBe("acknowledged by the target's TCP, and then 2 s without a reset");
        TcpWords.Delivery(outlet with { ReplayWindow = TimeSpan.Zero }).ShouldBe("acknowledged by the target's TCP");
        TcpWords.Delivery(outlet with { Delivery = OutletDelivery.Reply }).ShouldBe("replied to by the target");
        TcpWords.Delivery(outlet with { Delivery = OutletDelivery.Written }).ShouldBe("written to this host's TCP");
    }
}
