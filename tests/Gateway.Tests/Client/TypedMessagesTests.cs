using System.Text;
using System.Text.Json.Serialization;
using Gateway.Client;
using Gateway.Client.Wire;
using Shouldly;
using Xunit;

namespace Gateway.Tests.Client;

public sealed partial class TypedMessagesTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task EnqueueAsync_AValue_TravelsAsJsonWithItsContentTypeAndComesBack()
    {
        using var gateway = new FakeGateway(FakeGateway.Obliging);
        await using var client = new GatewayClient(new GatewayClientOptions { Address = gateway.Address });
        var options = new EnqueueOptions { Key = "7", Headers = new Dictionary<string, string> { ["kind"] = "x" } };

        await client.EnqueueAsync("orders", new Order("Müller", 3), options, cancellationToken: Token);
        await client.EnqueueAsync(
            "orders", new Order("Müller", 3), serializer: new JsonMessageSerializer(Orders.Default), cancellationToken: Token);

        var items = gateway.Requests.OfType<Request.Enqueue>().SelectMany(request => request.Items).ToList();
        HeadersJson.TryRead(items[0].Headers, out var headers).ShouldBeTrue();
        headers.ShouldBe(new Dictionary<string, string> { ["kind"] = "x", ["key"] = "7", ["content-type"] = "application/json" },
            ignoreOrder: true);
        options.Headers.Count.ShouldBe(1);
        (await ReceiveAsync(items[0])).As<Order>().ShouldBe(new Order("Müller", 3));
        Encoding.UTF8.GetString(items[1].Body.Span).ShouldBe("""{"Customer":"M\u00FCller","Pieces":3}""");
        (await ReceiveAsync(items[1])).As<Order>(new JsonMessageSerializer(Orders.Default)).ShouldBe(new Order("Müller", 3));
    }

    [Theory]
    [InlineData("{", "application/json", "The body is no Order: ")]
    [InlineData("null", "application/json", "The body holds no Order, but null.")]
    [InlineData("{}", "text/plain", "The content type is 'text/plain', and application/json is expected.")]
    [InlineData("{\"pieces\":\"many\"}", null, "The body is no Order: ")]
    public async Task As_WhatCannotBeRead_SaysWhy(string body, string? contentType, string told)
    {
        var headers = contentType is null ? [] : HeadersJson.Write(new Dictionary<string, string> { ["content-type"] = contentType });
        var message = await ReceiveAsync(new EnqueueItem(null, headers, 0, Encoding.UTF8.GetBytes(body)));

        Should.Throw<UnreadableMessageException>(() => message.As<Order>()).Message.ShouldStartWith(told);
    }

    [Theory]
    [InlineData("application/json; charset=utf-8", true)]
    [InlineData("application/vnd.shop+json", true)]
    [InlineData("Application/JSON", true)]
    [InlineData("application/xml", false)]
    [InlineData("", false)]
    public void CanRead_ContentTypes(string contentType, bool expected) =>
        JsonMessageSerializer.Default.CanRead(contentType).ShouldBe(expected);

    /// <summary>Takes the message from a gateway that delivers it.</summary>
    private static async Task<ReceivedMessage> ReceiveAsync(EnqueueItem item)
    {
        using var gateway = new FakeGateway(request => request is Request.Receive receive
            ? [new Reply.Delivery(receive.Subscription, new DeliveryToken(1), new DeliveredMessage(
                MessageId.New(DateTimeOffset.UnixEpoch), 1, item.Headers, 1, 0, "fake", item.Body))]
            : FakeGateway.Obliging(request));
        await using var client = new GatewayClient(new GatewayClientOptions { Address = gateway.Address });
        await foreach (var message in client.ReceiveAsync("orders", new ReceiveOptions { Prefetch = 1 }, Token))
            return message;
        throw new InvalidOperationException("Receiving ends only with an exception.");
    }

    internal sealed record Order(string Customer, int Pieces);

    [JsonSerializable(typeof(Order))]
    internal sealed partial class Orders : JsonSerializerContext;
}
