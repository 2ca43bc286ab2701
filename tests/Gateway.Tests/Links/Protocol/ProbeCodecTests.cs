using CsCheck;
using Gateway.Links.Protocol;
using Shouldly;
using Xunit;

namespace Gateway.Tests.Links.Protocol;

public sealed class ProbeCodecTests
{
    private const string Name = "0100" + "61";

    /// <summary>Each frame of a probe, as a value and as its exact bytes.</summary>
    private static readonly (ProbeFrame Frame, string Hex)[] _golden =
    [
        (new ProbeFrame.Probe("a", "b", 900_000), "0F" + "47574C01" + Name + "0100" + "62" + "A0BB0D00"),
        (new ProbeFrame.Probed("a", "1.2", 5, new ProbedLink(ProbedState.Down, LinkCause.Refused, 4, "no"), IsConnected: true),
            "10" + "47574C01" + Name + "0300" + "312E32" + "0500000000000000" + "03" + "02" + "0400000000000000" + "0200" + "6E6F" + "01"),
        (new ProbeFrame.Echo(7, 300, 2), "11" + "0700000000000000" + "2C010000" + "0000"),
        (new ProbeFrame.Echoed(7, 3), "12" + "0700000000000000" + "000000"),
        (new ProbeFrame.DialBack(), "13"),
        (new ProbeFrame.DialedBack(ProbeStage.Connect, LinkCause.ConnectTimeout, "no"), "14" + "02" + "04" + "0200" + "6E6F"),
        (new ProbeFrame.ProbeOver("no"), "15" + "0200" + "6E6F"),
        (new ProbeFrame.Refused(RefusalCode.UnknownPeer, "no"), "03" + "02" + "0200" + "6E6F"),
    ];

    public static TheoryData<int> Golden => [.. Enumerable.Range(0, _golden.Length)];

    [Theory]
    [MemberData(nameof(Golden))]
    public void EachFrame_HasItsGoldenBytes_BothWays(int index)
    {
        var (frame, hex) = _golden[index];

        Convert.ToHexString(ProbeCodec.Encode(frame)).ShouldBe(hex);
        ProbeCodec.TryDecode(Convert.FromHexString(hex), out var read).ShouldBeTrue();
        read.ShouldBe(frame);
    }

    [Fact]
    public void Golden_HasEachFrame() => _golden.Select(golden => golden.Frame.GetType()).Distinct().Count()
        .ShouldBe(typeof(ProbeFrame).GetNestedTypes().Count(type => type.IsSubclassOf(typeof(ProbeFrame))));

    [Fact]
    public void Sizes_AreThoseOfTheFrames()
    {
        ProbeCodec.Encode(new ProbeFrame.Echo(1, 0, 0)).Length.ShouldBe(ProbeCodec.EchoHeadBytes);
        ProbeCodec.Encode(new ProbeFrame.Echoed(1, 0)).Length.ShouldBe(ProbeCodec.EchoedHeadBytes);
    }

    [Fact]
    public void ALinkKnowsNoFrameOfAProbe() =>
        _golden.Where(golden => golden.Frame is not ProbeFrame.Refused)
            .Select(golden => LinkCodec.TryDecode(Convert.FromHexString(golden.Hex), out _)).ShouldAllBe(isKnown => !isKnown);

    [Fact]
    public void WhatIsOverALimit_IsNoFrame()
    {
        Decodes(new ProbeFrame.Echo(1, ProbeCodec.PadBytesMax, ProbeCodec.PadBytesMax)).ShouldBeTrue();
        Decodes(new ProbeFrame.Echo(1, ProbeCodec.PadBytesMax + 1, 0)).ShouldBeFalse();
        Decodes(new ProbeFrame.Echo(1, 0, ProbeCodec.PadBytesMax + 1)).ShouldBeFalse();
        Decodes(new ProbeFrame.Echo(1, -1, 0)).ShouldBeFalse();
        Decodes(new ProbeFrame.Probe("a", "b", ProbeCodec.SilentMsMax + 1)).ShouldBeFalse();
        Decodes(new ProbeFrame.Probe("two words", "b", 0)).ShouldBeFalse();
    }

    [Fact]
    public void RandomAndMutatedBytes_NeverThrow_AndAreNeverReadAsSomethingThatIsWrittenOtherwise() =>
        Gen.Select(Gen.Int[0, _golden.Length - 1], Gen.Int[0, 1000], Gen.Byte, Gen.Int[0, 3]).Sample((index, at, noise, kind) =>
        {
            var bytes = Convert.FromHexString(_golden[index].Hex);
            at %= bytes.Length;
            byte[] mutated = kind switch
            {
                0 => bytes[..at],
                1 => [.. bytes, noise],
                2 => [.. bytes[..at], .. bytes[(at + 1)..]],
                _ => [.. bytes[..at], noise, .. bytes[(at + 1)..]],
            };
            // The content of padding, and of a text that is not UTF-8, is not kept.
            if (ProbeCodec.TryDecode(mutated, out var frame) && frame is ProbeFrame.Probe)
                ProbeCodec.Encode(frame).ShouldBe(mutated);
        });

    private static bool Decodes(ProbeFrame frame) => ProbeCodec.TryDecode(ProbeCodec.Encode(frame), out _);
}
