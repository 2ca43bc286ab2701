using Gateway.Tcp;
using Shouldly;
using Xunit;

namespace Gateway.Tests.Tcp;

public sealed class StreamPlaceTests
{
    private readonly StreamPlace _place = new("c1");

    [Fact]
    public void PiecesInOrder_AndTheEndBehindThem_AreWritten() => Write("1 2 3 end4").ShouldBe("Next Next Next Next");

    [Fact]
    public void APieceThatIsMissing_IsAHole_AndStaysOne() => Write("1 2 4 5 end6").ShouldBe("Next Next Hole Hole Hole");

    [Fact]
    public void TheFirstPiece_IsMissedToo() => Write("2").ShouldBe("Hole");

    [Theory]
    [InlineData("1 end3")]
    [InlineData("1 2 end2")]
    [InlineData("end2")]
    public void AnEnd_BehindMoreOrLessThanWasWritten_IsAHole(string stream) => Write(stream).ShouldEndWith("Hole");

    [Fact]
    public void APieceThatComesAgain_IsStray_AndTheStreamGoesOn() => Write("1 2 1 2 3 end4").ShouldBe("Next Next Stray Stray Next Next");

    [Fact]
    public void WhatAnotherSends_IsStray_ItsEndToo() => Write("1 x2 xend1 2 end3").ShouldBe("Next Stray Stray Next Next");

    [Fact]
    public void AReset_IsWrittenWhereverItComes() => Write("1 reset7").ShouldBe("Next Next");

    [Fact]
    public void WhatHasNoNumber_IsWritten() => Write("1 0 2 end0").ShouldBe("Next Next Next Next");

    [Theory]
    [InlineData("1 3", "piece 2 of conversation c1 is missing, and piece 3 came")]
    [InlineData("1 5", "pieces 2 to 4 of conversation c1 are missing, and piece 5 came")]
    [InlineData("1 end3", "piece 2 of conversation c1 is missing, and its end came")]
    [InlineData("1 2 end2", "conversation c1 ended after piece 1, and piece 2 had come")]
    [InlineData("1 1", "piece 1 of conversation c1 was written before")]
    [InlineData("1 x2", "conversation c1 is one with out@b, and x has sent this for it, too")]
    public void TheEvidence_NamesThePiecesAndTheConversation(string stream, string evidence)
    {
        Write(stream);

        _why.ShouldBe(evidence);
    }

    private string _why = "";

    /// <param name="stream">
    /// The numbers of pieces; <c>end</c> and <c>reset</c> for events, in front of the number that comes next; <c>x</c> of another sender.
    /// </param>
    private string Write(string stream) => string.Join(" ", stream.Split(' ').Select(Write1));

    private PieceVerdict Write1(string word)
    {
        var source = word[0] == 'x' ? "x" : "out@b";
        var rest = word.TrimStart('x');
        var name = rest.StartsWith("end", StringComparison.Ordinal) ? TcpNames.Finished
            : rest.StartsWith("reset", StringComparison.Ordinal) ? TcpNames.WasReset : "";
        var number = long.Parse(rest.TrimStart("endrst".ToCharArray()), System.Globalization.CultureInfo.InvariantCulture);
        var verdict = _place.Judge(number, name, source, out _why);
        if (verdict == PieceVerdict.Next) _place.Advance(number, name, source);
        return verdict;
    }
}
