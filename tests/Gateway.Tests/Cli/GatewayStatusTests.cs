using Gateway.Cli.Demo;
using Shouldly;
using Xunit;

namespace Gateway.Tests.Cli;

public sealed class GatewayStatusTests
{
    private const string Json = """
        {
          "name": "sender", "incarnation": "00", "deadLetters": 0, "somethingNew": [1],
          "outgoing": { "queues": 1, "messages": 12, "bytes": 12288 },
          "queues": [
            { "kind": "outgoing", "name": "orders@receiver", "messages": 12, "bytes": 12288 },
            { "kind": "inbound", "name": "invoices", "messages": 0, "bytes": 0 }
          ],
          "links": [ { "peer": "receiver", "state": "down", "cause": "Refused", "since": "2026-01-01T00:00:00Z", "advice": "Start it." } ]
        }
        """;

    [Fact]
    public void The_status_of_a_gateway_is_shown_in_a_line() =>
        DemoLine.Describe(GatewayStatus.Parse(Json)).ShouldBe("orders@receiver 12, link to receiver down (Refused)");

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    public void A_link_without_a_cause_is_shown_by_its_state(string? cause) =>
        new GatewayStatus.Link("receiver", "up", cause, null).Describe().ShouldBe("up");

    [Fact]
    public void A_gateway_without_queues_and_links_has_nothing_undelivered() =>
        DemoLine.Describe(GatewayStatus.Parse("{}")).ShouldBe("nothing undelivered");

    [Fact]
    public void A_status_that_is_no_object_is_none() => GatewayStatus.Parse("[]").ShouldBeNull();

    [Fact]
    public void A_gateway_that_is_away_is_said_to_be() => DemoLine.Describe(null).ShouldBe("does not answer");
}
