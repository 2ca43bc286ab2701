using CsCheck;
using Gateway.Tcp.Framing;
using Shouldly;
using Xunit;

namespace Gateway.Tests.Tcp.Framing;

/// <summary>Any bytes, in any pieces, in any format.</summary>
public sealed class FrameCutterFuzzTests
{
    private const int BoundMax = 40;

    /// <summary>Few different bytes, so that delimiters, digits and small lengths come up all the time.</summary>
    private static readonly Gen<byte> _byte = Gen.OneOf(
        Of("\0\u0001\u0002\u0003\u0009\u001c\v\r\n 0123ab"u8.ToArray()), Gen.Byte);

    private static readonly Gen<ByteText> _mark = _byte.Array[1, 3].Select(bytes => (ByteText)bytes);

    private static readonly Gen<FrameFormat> _format = Gen.OneOf(
        Gen.Select(Of(1, 2, 4, 8), Gen.Int[0, 4], Gen.Int[0, 4], Gen.Bool, Gen.Enum<LengthCounts>(), Gen.Int[0, 24],
            (size, before, behind, isBig, counts, more) => (FrameFormat)new FrameFormat.LengthPrefix(
                before + size + behind + more, before + size + behind, before, size, isBig, counts)),
        Gen.Int[3, BoundMax].Select(bound => (FrameFormat)new FrameFormat.OctetCounted(bound)),
        Gen.Select(Gen.Int[3, BoundMax], _mark, (bound, end) => (FrameFormat)new FrameFormat.Delimiter(bound, end)),
        Gen.Select(Gen.Int[6, BoundMax], _mark, _mark, (bound, start, end) => (FrameFormat)new FrameFormat.StartEnd(bound, start, end)),
        Gen.Int[1, BoundMax].Select(bound => (FrameFormat)new FrameFormat.FixedSize(bound)));

    [Fact]
    public void AnyBytes_AreCutAsTheirDefinitionSays_HoweverTheyArrive() =>
        Gen.Select(_format, _byte.Array[0, 200], Gen.Int[1, 30].Array[1, 5]).Sample((format, stream, pieces) =>
        {
            var cut = CutStream.Of(format, stream, pieces);
            var (frames, kind) = PlainCut.Of(format, stream);

            cut.Frames.ShouldBe(frames);
            (cut.Fault?.Kind, cut.Fault?.Offset).ShouldBe((kind, kind is null ? null : string.Concat(frames).Length));
        }, iter: 20_000);

    [Fact]
    public void FramesOfAFormat_ComeOutAsTheyWere() =>
        Gen.Select(_format, Of("xyz"u8.ToArray()).Array[0, BoundMax].Array[0, 8], Gen.Int[1, 60].Array[1, 5])
            .Sample((format, contents, pieces) =>
            {
                var frames = contents.Select(content => PlainCut.Frame(format, content)).OfType<byte[]>().ToList();
                var cut = CutStream.Of(format, [.. frames.SelectMany(frame => frame)], pieces);

                cut.Fault.ShouldBeNull();
                cut.Frames.ShouldBe(frames.Select(CutStream.Text));
                cut.Rest.ShouldBeEmpty();
            }, iter: 5_000);

    [Fact]
    public void AStream_LosesNothing() =>
        Gen.Select(Gen.Int[1, 10], Gen.Byte.Array[0, 100], Gen.Int[1, 30].Array[1, 5]).Sample((bound, stream, pieces) =>
        {
            var cut = CutStream.Of(new FrameFormat.Stream(bound), stream, pieces);

            string.Concat(cut.Frames).ShouldBe(CutStream.Text(stream));
            cut.Frames.ShouldAllBe(piece => piece.Length > 0 && piece.Length <= bound);
        });

    private static Gen<T> Of<T>(params T[] values) => Gen.Int[0, values.Length - 1].Select(i => values[i]);
}
