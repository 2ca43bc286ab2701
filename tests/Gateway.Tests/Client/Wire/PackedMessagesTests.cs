using System.Text;
using CsCheck;
using Gateway.Client.Wire;
using Shouldly;
using Xunit;

namespace Gateway.Tests.Client.Wire;

/// <summary>The body of a PACKED.</summary>
public sealed class PackedMessagesTests
{
    private static readonly Gen<byte[]> _frame = Gen.OneOf(Gen.Byte.Array[0, 3], Gen.Byte.Array[250, 260], Gen.Byte.Array[1000]);

    [Fact]
    public void TheExampleOfTheProtocol_AsksWhetherItIsReady()
    {
        byte[] packed = [1, 5, .. "READY"u8, 0, 2, .. "r1"u8];

        Pack([Encode("READY", "r1")]).ShouldBe(packed);
        Unpack(packed, out var isMalformed).ShouldHaveSingleItem().Select(Encoding.UTF8.GetString).ShouldBe(["READY", "r1"]);
        isMalformed.ShouldBeFalse();
    }

    [Fact]
    public void ALongFrame_HasItsLengthInEightBytes()
    {
        Pack([[new byte[256]]])[..9].ShouldBe([2, 0, 0, 0, 0, 0, 0, 1, 0]);
        Pack([[new byte[255]]])[..2].ShouldBe([0, 255]);
    }

    [Fact]
    public void Messages_ComeOutAsTheyWentIn() => _frame.Array[1, 5].Array[1, 8].Sample(messages =>
    {
        Unpack(Pack([.. messages.Select(message => message.Select(frame => (ReadOnlyMemory<byte>)frame).ToArray())]), out var isMalformed)
            .Select(Text).ShouldBe(messages.Select(Text));
        isMalformed.ShouldBeFalse();
    });

    [Theory]
    [InlineData(new byte[] { 4, 0 }, "a command")]
    [InlineData(new byte[] { 8, 0 }, "a flag that is none")]
    [InlineData(new byte[] { 0 }, "a header without an end")]
    [InlineData(new byte[] { 0, 2, 7 }, "a body without an end")]
    [InlineData(new byte[] { 1, 1, 7 }, "a message without an end")]
    [InlineData(new byte[] { 2, 255, 255, 255, 255, 255, 255, 255, 255, 7 }, "a length of nearly 2^64")]
    [InlineData(new byte[] { 2, 128, 0, 0, 0, 0, 0, 0, 0, 7 }, "a length that would be negative")]
    public void WhatIsNoMessage_IsMalformed_AndWhatStandsBeforeItCounts(byte[] bad, string what)
    {
        Unpack([0, 1, 42, .. bad], out var isMalformed).ShouldHaveSingleItem(what).ShouldHaveSingleItem().ShouldBe([42]);
        isMalformed.ShouldBeTrue(what);
    }

    [Fact]
    public void AnyBytes_AreRead_AndGiveNoMoreThanTheyAre() => Gen.OneOf(Gen.Byte.Array[0, 60], Gen.Byte[0, 3].Array[0, 60]).Sample(bytes =>
        Unpack(bytes, out _).Sum(message => message.Sum(frame => 2 + frame.Length)).ShouldBeLessThanOrEqualTo(bytes.Length));

    private static ReadOnlyMemory<byte>[] Encode(params string[] frames) =>
        [.. frames.Select(frame => (ReadOnlyMemory<byte>)Encoding.UTF8.GetBytes(frame))];

    private static byte[] Pack(IReadOnlyList<ReadOnlyMemory<byte>[]> messages) => [.. messages.SelectMany(frames =>
    {
        var bytes = new byte[PackedMessages.SizeBytes(frames)];
        PackedMessages.Write(frames, bytes);
        return bytes;
    })];

    private static List<List<byte[]>> Unpack(byte[] packed, out bool isMalformed)
    {
        var all = new List<List<byte[]>>();
        var messages = new PackedMessages(packed);
        while (messages.TryNext(out var frames)) all.Add(frames);
        isMalformed = messages.IsMalformed;
        return all;
    }

    private static string Text(IEnumerable<byte[]> frames) => string.Join(' ', frames.Select(Convert.ToHexString));
}
