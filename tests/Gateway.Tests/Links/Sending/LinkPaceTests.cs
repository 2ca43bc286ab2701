using Gateway.Links.Sending;
using Shouldly;
using Xunit;

namespace Gateway.Tests.Links.Sending;

public sealed class LinkPaceTests
{
    private const int Ceiling = 4 * 1024 * 1024;

    private readonly LinkPace _pace = new();

    [Fact]
    public void AFastLine_ReachesAnyWindow_InTenRoundsOfAcknowledgements()
    {
        var rounds = 0;
        for (; _pace.WindowBytes < Ceiling; rounds++) Round(bytesPerSecond: 1e9);

        rounds.ShouldBeLessThan(10);
        _pace.BatchBytes(131_072).ShouldBe(131_072);
        _pace.SlowBytesPerSecond.ShouldBeNull();
    }

    [Theory]
    [InlineData(2_000)]
    [InlineData(12_000)]
    [InlineData(64_000)]
    public void ASlowLine_HasSomeSecondsUnderWay(int bytesPerSecond)
    {
        for (var i = 0; i < 100; i++) Round(bytesPerSecond);

        (_pace.WindowBytes / (double)bytesPerSecond).ShouldBeInRange(0.5, 8.5);
        _pace.BatchBytes(131_072).ShouldBeLessThan(_pace.WindowBytes);
        _pace.SlowBytesPerSecond!.Value.ShouldBe(bytesPerSecond, bytesPerSecond * 0.01);
    }

    [Fact]
    public void ALineThatBecomesSlow_HasLessUnderWay_AndOneThatIsFastAgain_More()
    {
        for (var i = 0; i < 10; i++) Round(1e9);
        for (var i = 0; i < 3; i++) Round(10_000);
        _pace.WindowBytes.ShouldBeInRange(10_000, 45_000);

        for (var i = 0; i < 10; i++) Round(1e9);
        _pace.WindowBytes.ShouldBeGreaterThan(Ceiling);
    }

    [Fact]
    public void AFewBytes_AcknowledgedAtOnce_SayNothingOfTheLine()
    {
        for (var i = 0; i < 10_000; i++) _pace.OnAcknowledged(100, 100, TimeSpan.FromMilliseconds(1));

        _pace.WindowBytes.ShouldBe(LinkPace.StartBytes);
    }

    [Fact]
    public void PiecesOfOneSize_OnAFastLine_AreSoonABatchEach()
    {
        const int Piece = 100_000;
        for (var i = 0; i < 50; i++)
            _pace.OnAcknowledged(Math.Min(Piece, _pace.WindowBytes), Math.Min(Piece, _pace.WindowBytes), TimeSpan.FromMilliseconds(5));

        _pace.BatchBytes(131_072).ShouldBeGreaterThanOrEqualTo(Piece);
        _pace.WindowBytes.ShouldBeLessThan(6 * Piece);
    }

    [Fact]
    public void PiecesOfOneSize_OnASlowLine_KeepSomeSecondsUnderWay()
    {
        const int BytesPerSecond = 64_000;
        for (var i = 0; i < 1_000; i++)
        {
            var piece = Math.Min(40_000, _pace.WindowBytes);
            _pace.OnAcknowledged(piece, piece, TimeSpan.FromSeconds((double)piece / BytesPerSecond));
        }

        (_pace.WindowBytes / (double)BytesPerSecond).ShouldBeInRange(0.5, 3);
    }

    [Fact]
    public void AConnectionOnWhichNothingCameThrough_MakesTheNextMoreCareful_AndOneThatDid_DoesNot()
    {
        _pace.Begin();
        _pace.Begin();
        _pace.WindowBytes.ShouldBe(LinkPace.StartBytes / 2);
        for (var i = 0; i < 10; i++) _pace.Begin();
        _pace.WindowBytes.ShouldBe(LinkPace.FloorBytes);

        Round(1e9);
        _pace.Begin();
        _pace.WindowBytes.ShouldBe(LinkPace.StartBytes);
    }

    /// <summary>A window full, and its acknowledgement.</summary>
    private void Round(double bytesPerSecond) =>
        _pace.OnAcknowledged(_pace.WindowBytes, _pace.WindowBytes, TimeSpan.FromSeconds(_pace.WindowBytes / bytesPerSecond));
}
