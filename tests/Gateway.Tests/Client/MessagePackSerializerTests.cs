using Gateway.Client;
using Gateway.Client.Requests;
using MessagePack;
using MessagePack.Resolvers;
using Shouldly;
using Xunit;

namespace Gateway.Tests.Client;

/// <summary>Another format than JSON takes one class: this one is a sample for an application.</summary>
public sealed class MessagePackSerializerTests
{
    [Fact]
    public void A_value_comes_back_as_it_was_sent()
    {
        var serializer = new MessagePackSample();
        var body = serializer.Write(new Order("Müller", [1, 2]));

        var order = Message(body, serializer.ContentType).As<Order>(serializer);

        order.Customer.ShouldBe("Müller");
        order.Pieces.ShouldBe([1, 2]);
        body.Length.ShouldBeLessThan(20);
    }

    [Fact]
    public void What_is_no_such_value_or_has_another_format_is_unreadable()
    {
        var serializer = new MessagePackSample();

        Should.Throw<UnreadableMessageException>(() => Message([0xC1], serializer.ContentType).As<Order>(serializer));
        Should.Throw<UnreadableMessageException>(() => Message([0x92, 0xA0, 0x90], "application/json").As<Order>(serializer));
        Should.Throw<UnreadableMessageException>(() => Message([0x80], serializer.ContentType).As<Order>());
    }

    private static ReplyMessage Message(byte[] body, string contentType) =>
        new(default, body, new Dictionary<string, string> { [TypedMessages.ContentTypeHeader] = contentType });

    /// <summary>A serializer for bodies from other gateways: the options for data that nobody has checked.</summary>
    private sealed class MessagePackSample : IMessageSerializer
    {
        private static readonly MessagePackSerializerOptions _options = MessagePackSerializerOptions.Standard
            .WithResolver(ContractlessStandardResolver.Instance).WithSecurity(MessagePackSecurity.UntrustedData);

        public string ContentType => "application/vnd.msgpack";

        public bool CanRead(string contentType) => contentType.Split(';')[0].Trim() == ContentType;

        public byte[] Write<T>(T value) => MessagePackSerializer.Serialize(value, _options);

        public T? Read<T>(ReadOnlyMemory<byte> body) => MessagePackSerializer.Deserialize<T>(body, _options);
    }

    [MessagePackObject]
    public sealed record Order([property: Key(0)] string Customer, [property: Key(1)] IReadOnlyList<int> Pieces);
}
