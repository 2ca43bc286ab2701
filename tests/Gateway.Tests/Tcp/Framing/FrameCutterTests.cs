using Gateway.Tcp.Framing;
using Shouldly;
using Xunit;

namespace Gateway.Tests.Tcp.Framing;

/// <summary>Each kind of framing by example, and the lengths of liars.</summary>
public sealed class FrameCutterTests
{
    private static readonly FrameFormat _mllp = new FrameFormat.StartEnd(40, "\v"u8.ToArray(), "\u001c\r"u8.ToArray());
    private static readonly FrameFormat _lines = new FrameFormat.Delimiter(8, "\r\n"u8.ToArray());
    private static readonly FrameFormat _counted = new FrameFormat.OctetCounted(30);

    [Theory]
    [InlineData(4, 0, 4, true, LengthCounts.Body, "\0\0\0\u0002ab|\0\0\0\0|\0\0\0\u0001c")]
    [InlineData(4, 0, 4, false, LengthCounts.Body, "\u0002\0\0\0ab|\0\0\0\0")]
    [InlineData(2, 0, 2, true, LengthCounts.Length, "\0\u0004ab|\0\u0002|\0\u0003c")]
    [InlineData(2, 0, 2, false, LengthCounts.Length, "\u0004\0ab|\u0002\0")]
    [InlineData(1, 0, 1, true, LengthCounts.Frame, "\u0003ab|\u0001|\u0002c")]
    [InlineData(8, 0, 8, true, LengthCounts.Body, "\0\0\0\0\0\0\0\u0002ab|\0\0\0\0\0\0\0\0")]
    [InlineData(8, 0, 8, false, LengthCounts.Body, "\u0002\0\0\0\0\0\0\0ab")]
    [InlineData(7, 2, 2, true, LengthCounts.Body, "AB\0\u0003XYZabc|AB\0\0XYZ")]
    [InlineData(7, 2, 2, true, LengthCounts.Length, "AB\0\u0005XYZabc|AB\0\u0002XYZ")]
    [InlineData(7, 2, 2, true, LengthCounts.Frame, "AB\0\u000aXYZabc|AB\0\u0007XYZ")]
    internal void LengthPrefix_CutsByItsLength(int header, int offset, int size, bool isBig, LengthCounts counts, string frames)
    {
        var format = new FrameFormat.LengthPrefix(20, header, offset, size, isBig, counts);

        Cut(format, frames).ShouldBe((frames, "", null));
    }

    [Theory]
    [InlineData("\vMSH|\u001c\r", "MSH|")]
    [InlineData("\v\u001c\r", "")]
    [InlineData("\va\rb\u001c\u001c\r", "a\rb\u001c")]
    public void Mllp_CutsFromStartToEnd(string frame, string content)
    {
        frame.ShouldContain(content);
        var cut = CutStream.Of(_mllp, CutStream.Bytes(frame + frame + "\vMS"), 1);

        cut.Frames.ShouldBe([frame, frame]);
        (cut.Rest, cut.Fault).ShouldBe(("\vMS", null));
    }

    [Theory]
    [InlineData("a\r\n|\r\n|bcd\r\n")]
    [InlineData("\r\r\n|a\rb\n\r\n")]
    [InlineData("123456\r\n")]
    public void Delimiter_CutsBehindIt(string frames) => Cut(_lines, frames).ShouldBe((frames, "", null));

    [Theory]
    [InlineData("aab", "aaab|ab aab")]
    [InlineData("\0", "one\0|\0|two\0")]
    public void Delimiter_ThatRepeatsItself_IsFound(string end, string frames)
    {
        frames = frames.Replace("ab a", "ab_a");
        Cut(new FrameFormat.Delimiter(12, CutStream.Bytes(end)), frames).ShouldBe((frames, "", null));
    }

    [Theory]
    [InlineData("11 <34>1 hello|1 x|12 hello\nworld!")]
    public void OctetCounted_CutsAsRfc6587Says(string frames) => Cut(_counted, frames).ShouldBe((frames, "", null));

    [Fact]
    public void FixedSize_CutsEqualFrames() => Cut(new FrameFormat.FixedSize(3), "abc|def|gh").ShouldBe(("abc|def", "gh", null));

    [Fact]
    public void Stream_TakesWhatIsThere_InPiecesUpToTheBound()
    {
        var cut = CutStream.Of(new FrameFormat.Stream(4), "abcdefghijk"u8.ToArray(), 2, 9);

        cut.Frames.ShouldBe(["ab", "cdef", "ghij", "k"]);
        cut.Rest.ShouldBeEmpty();
    }

    [Theory]
    [InlineData(1, true, LengthCounts.Body, "\u00ff", 255)]
    [InlineData(2, true, LengthCounts.Body, "\u00ff\u00ff", 65535)]
    [InlineData(4, true, LengthCounts.Body, "\u00ff\u00ff\u00ff\u00ff", 4294967295)]
    [InlineData(4, true, LengthCounts.Body, "\u0080\0\0\0", 2147483648)]
    [InlineData(4, true, LengthCounts.Body, "\u007f\u00ff\u00ff\u00ff", 2147483647)]
    [InlineData(8, true, LengthCounts.Body, "\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff", ulong.MaxValue)]
    [InlineData(8, true, LengthCounts.Body, "\u0080\0\0\0\0\0\0\0", 1UL << 63)]
    [InlineData(8, false, LengthCounts.Length, "\0\0\0\0\0\0\0\u0080", 1UL << 63)]
    [InlineData(8, true, LengthCounts.Frame, "\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff\u00f8", ulong.MaxValue - 7)]
    [InlineData(8, true, LengthCounts.Body, "\0\0\0\u0001\0\0\0\0", 1UL << 32)]
    [InlineData(2, true, LengthCounts.Body, "\0\u0013", 19)]
    internal void ALengthBeyondTheBound_IsAFault_HoweverItWrapsAround(
        int size, bool isBig, LengthCounts counts, string prefix, ulong length)
    {
        var cut = CutStream.Of(new FrameFormat.LengthPrefix(20, size, 0, size, isBig, counts), CutStream.Bytes(prefix), 1);

        cut.Frames.ShouldBeEmpty();
        cut.Fault.ShouldNotBeNull().Kind.ShouldBe(FrameFaultKind.TooLong);
        cut.Fault.Reason.ShouldBe($"its length is {length}, and the largest frame has 20 bytes");
    }

    [Theory]
    [InlineData(LengthCounts.Length, "\0\0", "its length is 0, less than the 2 bytes that are counted at least")]
    [InlineData(LengthCounts.Length, "\0\u0001", "its length is 1, less than the 2 bytes that are counted at least")]
    [InlineData(LengthCounts.Frame, "\0\u0005", "its length is 5, less than the 6 bytes that are counted at least")]
    internal void ALengthThatDoesNotCountItself_IsAFault_BeforeTheHeaderIsWhole(LengthCounts counts, string prefix, string reason)
    {
        var cut = CutStream.Of(new FrameFormat.LengthPrefix(20, 6, 0, 2, true, counts), CutStream.Bytes(prefix), 1);

        (cut.Fault.ShouldNotBeNull().Kind, cut.Fault.Reason).ShouldBe((FrameFaultKind.LengthTooSmall, reason));
    }

    [Theory]
    [InlineData(18, true)]
    [InlineData(19, false)]
    public void TheLargestFrame_IsAFrame_AndOneByteMoreIsNone(int body, bool isFrame)
    {
        var format = new FrameFormat.LengthPrefix(20, 2, 0, 2, true, LengthCounts.Body);

        CutStream.Of(format, [0, (byte)body, .. new byte[body]], 7).Frames.Count.ShouldBe(isFrame ? 1 : 0);
    }

    [Theory]
    [InlineData("12345678", FrameFaultKind.TooLong)]
    [InlineData("1234567\r", FrameFaultKind.TooLong)]
    [InlineData("1234567\r\n", FrameFaultKind.TooLong)]
    [InlineData("1234567", null)]
    internal void AnEndThatDoesNotCome_IsAFaultAtTheBound(string stream, FrameFaultKind? fault) =>
        ShouldBeTestExtensions.ShouldBe(CutStream.Of(_lines, CutStream.Bytes(stream), 3).Fault?.Kind, fault);

    [Theory]
    [InlineData(" hello", FrameFaultKind.NotALength)]
    [InlineData("0 ", FrameFaultKind.NotALength)]
    [InlineData("01 x", FrameFaultKind.NotALength)]
    [InlineData("-1 x", FrameFaultKind.NotALength)]
    [InlineData("1x", FrameFaultKind.NotALength)]
    [InlineData("<34>1 hello", FrameFaultKind.NotALength)]
    [InlineData("31", FrameFaultKind.TooLong)]
    [InlineData("28 ", FrameFaultKind.TooLong)]
    [InlineData("99999999999999999999999", FrameFaultKind.TooLong)]
    internal void AnOctetCountThatIsNone_IsAFault(string stream, FrameFaultKind kind) =>
        CutStream.Of(_counted, CutStream.Bytes(stream), 1).Fault.ShouldNotBeNull().Kind.ShouldBe(kind);

    [Fact]
    public void AFault_IsToldWithItsPlace_AndWhatCameBeforeIsGiven()
    {
        var cut = CutStream.Of(_mllp, "\vMSH\u001c\rMSH|^~\\&\nand more than that"u8.ToArray(), 100);

        cut.Frames.ShouldBe(["\vMSH\u001c\r"]);
        cut.Fault.ShouldNotBeNull().ToString().ShouldBe(
            "no frame begins at byte 6 (4D 53 48 7C 5E 7E 5C 26 0A 61 6E 64 20 6D 6F 72): it does not begin with \\x0B");
    }

    [Fact]
    public void BehindAFault_NothingIsCut()
    {
        var cutter = new FrameCutter(_mllp);
        var wrong = new System.Buffers.ReadOnlySequence<byte>("x"u8.ToArray());
        cutter.TryCut(ref wrong, out _).ShouldBeFalse();
        var right = new System.Buffers.ReadOnlySequence<byte>("\vMSH\u001c\r"u8.ToArray());

        cutter.TryCut(ref right, out _).ShouldBeFalse();
    }

    [Fact]
    public void AStart_ThatBreaksOff_IsAFaultAtOnce()
    {
        var format = new FrameFormat.StartEnd(20, "abc"u8.ToArray(), "z"u8.ToArray());

        CutStream.Of(format, "ab"u8.ToArray(), 1).Fault.ShouldBeNull();
        CutStream.Of(format, "abx"u8.ToArray(), 1).Fault.ShouldNotBeNull().Kind.ShouldBe(FrameFaultKind.NoStart);
    }

    private static (string Frames, string Left, FrameFault? Fault) Cut(FrameFormat format, string frames)
    {
        var stream = CutStream.Bytes(string.Concat(Parts(frames)));
        var whole = CutStream.Of(format, stream, stream.Length);
        for (var cut = 1; cut < stream.Length; cut++)
        {
            var read = CutStream.Of(format, stream, cut, stream.Length);
            (string.Join('|', read.Frames), read.Rest).ShouldBe((string.Join('|', whole.Frames), whole.Rest), $"cut after {cut} bytes");
        }

        CutStream.Of(format, stream, 1).Frames.ShouldBe(whole.Frames);
        return (string.Join('|', whole.Frames), whole.Rest, whole.Fault);
    }

    private static string[] Parts(string frames) => frames.Split('|');
}
