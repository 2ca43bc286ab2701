using System.Security.Cryptography;
using Gateway.Store.Disk.Pages;
using Shouldly;
using Xunit;

namespace Gateway.Tests.Store.Disk;

public sealed class PageFrameTests
{
    private static readonly FrameHead _head = new(FrameKind.Data, Position: 258, Epoch: 3);

    [Fact]
    public void Write_KnownPage_GivesTheGoldenBytes()
    {
        var frame = Frame();

        Convert.ToHexString(frame.AsSpan(0, PageFrame.HeadSize))
            .ShouldBe("47575046" + "9BD143A0" + "02000000" + "00000000" + "0201000000000000" + "0300000000000000");
        frame.AsSpan(PageFrame.HeadSize).SequenceEqual(Page()).ShouldBeTrue();
    }

    [Fact]
    public void Checksum_IsTheCrc32COfTheFrameWithItsOwnBytesZero()
    {
        var frame = Frame();
        var stored = BitConverter.ToUInt32(frame, 4);
        frame.AsSpan(4, 4).Clear();

        BitwiseCrc32C(frame).ShouldBe(stored);
    }

    [Fact]
    public void TryRead_WholeFrame_GivesTheHead()
    {
        PageFrame.TryRead(Frame(), out var head).ShouldBeTrue();

        head.ShouldBe(_head);
    }

    [Fact]
    public void TryRead_AnyByteChanged_Refuses()
    {
        var frame = Frame();
        var accepted = 0;
        for (var index = 0; index < frame.Length; index++)
        {
            frame[index] ^= (byte)(1 + (index % 255));
            accepted += PageFrame.TryRead(frame, out _) ? 1 : 0;
            frame[index] ^= (byte)(1 + (index % 255));
        }

        accepted.ShouldBe(0);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(31)]
    [InlineData(PageFrame.Size - 1)]
    public void TryRead_CutFrame_Refuses(int length) => PageFrame.TryRead(Frame().AsSpan(0, length), out _).ShouldBeFalse();

    private static byte[] Page() =>
        [.. Enumerable.Range(0, PageFrame.PageSize / 32).SelectMany(block => SHA256.HashData(BitConverter.GetBytes(block)))];

    private static byte[] Frame()
    {
        var frame = new byte[PageFrame.Size];
        PageFrame.Write(frame, _head, Page());
        return frame;
    }

    private static uint BitwiseCrc32C(byte[] bytes)
    {
        const uint reversedPolynomial = 0x82F63B78;
        var crc = uint.MaxValue;
        foreach (var value in bytes)
        {
            crc ^= value;
            for (var bit = 0; bit < 8; bit++)
                crc = (crc & 1) == 0 ? crc >> 1 : (crc >> 1) ^ reversedPolynomial;
        }

        return ~crc;
    }
}
