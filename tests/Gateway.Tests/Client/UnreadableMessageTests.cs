using System.Text;
using Gateway.Client;
using Gateway.Client.Wire;
using Shouldly;
using Xunit;

namespace Gateway.Tests.Client;

/// <summary>A message that the client cannot read becomes a dead letter, and the next one is received.</summary>
public sealed class UnreadableMessageTests
{
    [Theory]
    [InlineData("no json")]
    [InlineData("{\"a\":1}")]
    [InlineData("{\"a\":\"x\",\"a\":\"y\"}")]
    public async Task HeadersThatAreNoHeaders_AreRejectedWithTheReason_AndTheNextMessageComes(string headers)
    {
        using var gateway = new FakeGateway(request => request is Request.Receive receive
            ? [Delivery(receive, 1, headers), Delivery(receive, 2, "{\"a\":\"x\"}")]
            : FakeGateway.Obliging(request));
        await using var client = new GatewayClient(new GatewayClientOptions { Address = gateway.Address });

        await using var messages = client.ReceiveAsync("orders", cancellationToken: TestContext.Current.CancellationToken)
            .GetAsyncEnumerator(TestContext.Current.CancellationToken);
        (await messages.MoveNextAsync()).ShouldBeTrue();

        messages.Current.Id.ShouldBe(Id(2));
        var rejected = gateway.Requests.OfType<Request.Reject>().ShouldHaveSingleItem();
        rejected.Token.ShouldBe(new DeliveryToken(1));
        rejected.Reason.ShouldContain("headers are not a JSON object of strings");
    }

    [Fact]
    public async Task APeek_ShowsTheMessageWithoutHeaders()
    {
        using var gateway = new FakeGateway(request => request is Request.Peek peek
            ? [new Reply.Peeked(peek.Id, [new PeekedMessage(1, Message(1, "no json"))])]
            : FakeGateway.Obliging(request));
        await using var client = new GatewayClient(new GatewayClientOptions { Address = gateway.Address });

        var messages = await client.PeekAsync("orders", cancellationToken: TestContext.Current.CancellationToken);

        messages.ShouldHaveSingleItem().Headers.ShouldBeEmpty();
    }

    private static Reply.Delivery Delivery(Request.Receive receive, byte number, string headers) =>
        new(receive.Subscription, new DeliveryToken(number), Message(number, headers));

    private static DeliveredMessage Message(byte number, string headers) =>
        new(Id(number), 1, Encoding.UTF8.GetBytes(headers), 1, 0, "shop", "x"u8.ToArray());

    private static MessageId Id(byte number) => new(new Guid(number, 0, 0, new byte[8]));
}
