using Gateway.Transport.Dialing;
using Shouldly;
using Xunit;

namespace Gateway.Tests.Transport.Dialing;

public sealed class PeerRoundTests
{
    [Theory]
    [InlineData(0, new[] { 0, 1, 2 })]
    [InlineData(1, new[] { 1, 0, 2 })]
    [InlineData(2, new[] { 2, 0, 1 })]
    public void ARound_BeginsWithTheGoodWay_AndTriesEachOnce(int good, int[] expected)
    {
        var round = new PeerRound(Count: 3, good);
        var tried = new List<int> { round.Index };
        while (round.HasNext)
        {
            round = round.Next();
            tried.Add(round.Index);
        }

        tried.ShouldBe(expected);
    }
}
