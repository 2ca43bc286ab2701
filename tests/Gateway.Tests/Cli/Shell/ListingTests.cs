using Gateway.Cli.Shell;
using Shouldly;
using Xunit;

namespace Gateway.Tests.Cli.Shell;

public sealed class ListingTests
{
    private readonly Listing _listing = new(
        new Column("name"), Column.Figure("count", 1), new Column("source", 2), Column.Words("what to do"));

    public ListingTests()
    {
        _listing.Add("orders@billing", "1,204", "shop", "Start the gateway on the peer's host, or mend its address.");
        _listing.Add("bills", "3", "shop", "");
    }

    [Fact]
    public void AWideScreen_HasAllInOneLine() => Lines(100).ShouldBe(
    [
        "name            count  source  what to do",
        "orders@billing  1,204  shop    Start the gateway on the peer's host, or mend its address.",
        "bills               3  shop",
    ]);

    [Fact]
    public void SentencesWrap_WhereTheirColumnIsWideEnough() => Lines(60).ShouldBe(
    [
        "name            count  source  what to do",
        "orders@billing  1,204  shop    Start the gateway on the",
        "                               peer's host, or mend its",
        "                               address.",
        "bills               3  shop",
    ]);

    [Fact]
    public void SentencesGoBelowTheirRow_WhereItIsNot() => Lines(40).ShouldBe(
    [
        "name            count  source",
        "orders@billing  1,204  shop",
        "    Start the gateway on the peer's",
        "    host, or mend its address.",
        "bills               3  shop",
    ]);

    [Fact]
    public void ColumnsOfLessWeight_GiveWayInTheirOrder_AndTheKeyIsFolded()
    {
        Lines(24)[0].ShouldBe("name            count");
        Lines(16)[0].ShouldBe("name");
        Lines(16)[1].ShouldBe("orders@billing");
        Lines(8)[1..3].ShouldBe(["orders@b", "illing"]);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(23)]
    [InlineData(80)]
    public void NoLine_IsWiderThanTheScreen(int width) => Lines(width).ShouldAllBe(line => FoldedText.Width(line) <= width);

    [Fact]
    public void WideCharacters_TakeTwoPlaces()
    {
        FoldedText.Width("漢字").ShouldBe(4);
        FoldedText.Characters("漢字漢", 4).ShouldBe(["漢字", "漢"]);
        FoldedText.Characters("漢", 1).ShouldBe(["漢"]);
    }

    private string[] Lines(int width) =>
        [.. Output.Render(new TestTerminal().Terminal with { Width = width }, [_listing])];
}
