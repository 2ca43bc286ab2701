using CsCheck;
using Gateway.Store.Disk.Log;
using Gateway.Store.Disk.Pages;
using Shouldly;
using Xunit;

namespace Gateway.Tests.Store.Disk;

public sealed class PageDeltaTests
{
    private static readonly Gen<(int Offset, byte[] Bytes)[]> _changes =
        Gen.Select(Gen.Int[0, PageFrame.PageSize - 1], Gen.Byte.Array[1, 700]).Array[0, 40];

    [Fact]
    public void AnyChange_AppliedToTheFormerVersion_GivesThePage() =>
        Gen.Select(_changes, _changes, Gen.Bool).Sample((before, after, isFirst) =>
    {
        var former = Changed(new byte[PageFrame.PageSize], before);
        var page = Changed(former, after);
        var runs = new byte[PageDelta.BytesMax];

        var length = PageDelta.Write(runs, page, isFirst ? [] : former);

        var found = isFirst ? new byte[PageFrame.PageSize] : former;
        PageDelta.TryApply(runs.AsSpan(0, length), found).ShouldBeTrue();
        found.ShouldBe(page);
    });

    [Fact]
    public void TheSamePage_IsItsHeadAlone() => PageDelta.Write(new byte[36], Noise(1), Noise(1)).ShouldBe(36);

    [Fact]
    public void AnotherPage_IsItsBytesInTwoRuns() =>
        PageDelta.Write(new byte[PageDelta.BytesMax], Noise(1), Noise(2)).ShouldBe(PageDelta.BytesMax);

    [Fact]
    public void EveryOtherWordChanged_IsLessThanThePage()
    {
        var page = Noise(1);
        for (var offset = 0; offset < page.Length; offset += 16) page[offset] ^= 1;

        PageDelta.Write(new byte[PageDelta.BytesMax], page, Noise(1)).ShouldBeLessThan(PageFrame.PageSize);
    }

    [Fact]
    public void AnyBytes_AreRunsWithinThePageOrRefused() =>
        Gen.Byte.Array[0, 300].Sample(runs =>
        {
            _ = PageDelta.TryApply(runs, new byte[PageFrame.PageSize]);
        });

    private static byte[] Changed(byte[] page, (int Offset, byte[] Bytes)[] changes)
    {
        var changed = page.ToArray();
        foreach (var (offset, bytes) in changes)
            bytes.AsSpan(0, Math.Min(bytes.Length, changed.Length - offset)).CopyTo(changed.AsSpan(offset));
        return changed;
    }

    private static byte[] Noise(int seed)
    {
        var page = new byte[PageFrame.PageSize];
        new Random(seed).NextBytes(page);
        return page;
    }
}
