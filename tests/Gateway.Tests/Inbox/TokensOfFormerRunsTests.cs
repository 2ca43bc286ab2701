using Gateway.Client.Wire;
using Shouldly;
using Xunit;

namespace Gateway.Tests.Inbox;

/// <summary>
/// A token stands for one delivery of one run. Whoever settles by one of a former run must not hit what is delivered now.
/// </summary>
public sealed class TokensOfFormerRunsTests
{
    private readonly InboxBench _bench = new();

    [Theory]
    [InlineData("complete")]
    [InlineData("reject")]
    [InlineData("abandon")]
    [InlineData("release")]
    [InlineData("renew")]
    public void ATokenOfAFormerRun_HoldsNothing_ThoughTheSameCallerHoldsAnotherMessage(string how)
    {
        _bench.Enqueue("q", "a", "b");
        _bench.Receive("http/app", "q", 1);
        var former = _bench.TakeDeliveries("http/app").ShouldHaveSingleItem();

        _bench.Restart();
        _bench.Receive("http/app", "q", 2);
        var present = _bench.TakeDeliveries("http/app");
        present.Count.ShouldBe(2);
        Settle(how, former).ShouldBeOfType<Reply.Rejected>().Code.ShouldBe(WireCode.LeaseLost);

        _bench.Waiting("q").ShouldBe(2);
        foreach (var delivery in present) _bench.Complete("http/app", delivery).ShouldBeOfType<Reply.Settled>();
        _bench.Waiting("q").ShouldBe(0);
    }

    [Fact]
    public void Tokens_OfOneRun_RiseByOne()
    {
        _bench.Enqueue("q", "a", "b", "c");
        _bench.Receive("1", "q", 3);

        var tokens = _bench.TakeDeliveries("1").Select(delivery => delivery.Token.Value).ToList();

        tokens.ShouldBe([tokens[0], tokens[0] + 1, tokens[0] + 2]);
        tokens[0].ShouldBePositive();
    }

    private Reply Settle(string how, Reply.Delivery delivery) => how switch
    {
        "complete" => _bench.Complete("http/app", delivery),
        "reject" => _bench.Reject("http/app", delivery, "no"),
        "abandon" => _bench.Abandon("http/app", delivery),
        "release" => _bench.Release("http/app", delivery),
        _ => _bench.Renew("http/app", delivery),
    };
}
