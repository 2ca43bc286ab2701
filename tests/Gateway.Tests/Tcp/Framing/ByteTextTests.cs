using CsCheck;
using Gateway.Tcp.Framing;
using Shouldly;
using Xunit;

namespace Gateway.Tests.Tcp.Framing;

/// <summary>Bytes that people write in a configuration.</summary>
public sealed class ByteTextTests
{
    [Fact]
    public void AnyBytes_AreReadBackFromTheirText() => Gen.Byte.Array.Sample(bytes =>
    {
        var text = ByteText.Show(bytes);

        text.ShouldAllBe(c => c >= ' ' && c <= '~');
        ByteText.TryParse(text, out var read, out var fault).ShouldBeTrue(fault);
        read.ShouldBe(bytes);
        read.ToString().ShouldBe(text);
    });

    [Theory]
    [InlineData(@"\r\n", new byte[] { 13, 10 })]
    [InlineData(@"\0", new byte[] { 0 })]
    [InlineData(@"\x1c\x0D", new byte[] { 0x1C, 13 })]
    [InlineData(@"a\\n\t", new byte[] { 97, 92, 110, 9 })]
    [InlineData("", new byte[0])]
    public void AText_IsItsBytes(string text, byte[] bytes)
    {
        ByteText.TryParse(text, out var read, out _).ShouldBeTrue();
        read.Memory.ToArray().ShouldBe(bytes);
    }

    [Theory]
    [InlineData(@"a\", "has an unknown escape at position 2.")]
    [InlineData(@"\x1", "has an unknown escape at position 1.")]
    [InlineData(@"\x1g", "has an unknown escape at position 1.")]
    [InlineData(@"\q", "has an unknown escape at position 1.")]
    [InlineData("ab\n", "has a character that is not printable ASCII, at position 3.")]
    [InlineData("é", "has a character that is not printable ASCII, at position 1.")]
    public void ATextThatIsNone_IsToldWithItsPlace(string text, string fault)
    {
        ByteText.TryParse(text, out _, out var found).ShouldBeFalse();
        found.ShouldStartWith(fault);
    }

    [Fact]
    public void EqualBytes_AreEqual_SoThatAnUnchangedConfigurationIsRecognised()
    {
        FrameFormat one = new FrameFormat.StartEnd(10, new byte[] { 1 }, new byte[] { 2, 3 });
        FrameFormat same = new FrameFormat.StartEnd(10, new byte[] { 1 }, new byte[] { 2, 3 });

        same.ShouldBe(one);
        same.GetHashCode().ShouldBe(one.GetHashCode());
        (same with { FrameBytesMax = 11 }).ShouldNotBe(one);
        new FrameFormat.StartEnd(10, new byte[] { 1 }, new byte[] { 2, 4 }).ShouldNotBe<FrameFormat>(one);
        (default(ByteText) == Array.Empty<byte>()).ShouldBeTrue();
        (default(ByteText) != new byte[] { 0 }).ShouldBeTrue();
    }
}
