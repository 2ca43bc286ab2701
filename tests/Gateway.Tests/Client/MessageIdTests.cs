using System.ComponentModel;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using Gateway.Client;
using Shouldly;
using Xunit;

namespace Gateway.Tests.Client;

public sealed partial class MessageIdTests
{
    private const string Text = "00112233-4455-6677-8899-aabbccddeeff";

    private static readonly MessageId _id = MessageId.Parse(Text);

    [Fact]
    public void New_LaterTime_SortsAfter()
    {
        var time = DateTimeOffset.UnixEpoch.AddYears(50);

        MessageId.New(time.AddMilliseconds(1)).CompareTo(MessageId.New(time)).ShouldBePositive();
    }

    [Fact]
    public void TryParse_OwnText_RoundTrips()
    {
        var id = MessageId.New(DateTimeOffset.UnixEpoch.AddYears(50));

        MessageId.TryParse(id.ToString().ToUpperInvariant(), out var parsed).ShouldBeTrue();
        parsed.ShouldBe(id);
    }

    [Theory]
    [InlineData("")]
    [InlineData("0011223344556677889 9aabbccddeeff")]
    [InlineData("{00112233-4455-6677-8899-aabbccddeeff}")]
    [InlineData(" 00112233-4455-6677-8899-aabbccddeef")]
    [InlineData("00112233-4455-6677-8899-aabbccddeefg")]
    public void Parse_AnotherForm_Throws(string text)
    {
        MessageId.TryParse(text, out _).ShouldBeFalse();
        Should.Throw<FormatException>(() => MessageId.Parse(text));
        Should.Throw<FormatException>(() => Parsed<MessageId>(text));
        Should.Throw<JsonException>(() => JsonSerializer.Deserialize<MessageId>(JsonSerializer.Serialize(text)));
    }

    [Fact]
    public void Guid_IsTheSameId()
    {
        var value = Guid.Parse(Text);
        MessageId given = value;

        given.ShouldBe(_id);
        (_id == value).ShouldBeTrue();
        ((Guid)_id).ShouldBe(value);
        MessageId.FromGuid(_id.ToGuid()).ShouldBe(_id);
        new EnqueueOptions { MessageId = value }.MessageId.ShouldBe(_id);
    }

    /// <summary>The order of RFC 9562, in which the id of another language is written, and not that of .NET's Guid.</summary>
    [Fact]
    public void Bytes_AreInTheOrderOfTheText()
    {
        var bytes = Convert.FromHexString(Text.Replace("-", "", StringComparison.Ordinal));

        _id.ToByteArray().ShouldBe(bytes);
        MessageId.FromBytes(bytes).ShouldBe(_id);
        MessageId.FromBytes(bytes).ToGuid().ShouldBe(new Guid(bytes, bigEndian: true));
        Should.Throw<ArgumentException>(() => MessageId.FromBytes(bytes.AsSpan(1)));
    }

    [Fact]
    public void Json_IsItsTextAsAValueAndAsAKey()
    {
        var order = new Order(_id, null, new Dictionary<MessageId, int> { [_id] = 1 });
        const string expected = $$$"""{"Id":"{{{Text}}}","Before":null,"Counts":{"{{{Text}}}":1}}""";

        JsonSerializer.Serialize(order).ShouldBe(expected);
        JsonSerializer.Serialize(order, Context.Default.Order).ShouldBe(expected);
        foreach (var read in new[]
        {
            JsonSerializer.Deserialize<Order>(expected), JsonSerializer.Deserialize(expected, Context.Default.Order),
        })
        {
            read!.Id.ShouldBe(_id);
            read.Counts.Keys.ShouldBe([_id]);
        }

        Should.Throw<JsonException>(() => JsonSerializer.Deserialize<MessageId>("1"));
    }

    [Fact]
    public void Text_IsReadByTheFrameworkToo()
    {
        Parsed<MessageId>(Text).ShouldBe(_id);
        TypeDescriptor.GetConverter(typeof(MessageId)).ConvertFromInvariantString(Text).ShouldBe(_id);
        TypeDescriptor.GetConverter(typeof(MessageId)).ConvertToInvariantString(_id).ShouldBe(Text);
    }

    private static T Parsed<T>(string text)
        where T : ISpanParsable<T>
    {
        var parsed = T.Parse(text, CultureInfo.InvariantCulture);
        T.Parse(text.AsSpan(), CultureInfo.InvariantCulture).ShouldBe(parsed);
        T.TryParse(text, CultureInfo.InvariantCulture, out var tried).ShouldBeTrue();
        tried.ShouldBe(parsed);
        T.TryParse(text.AsSpan(), CultureInfo.InvariantCulture, out tried).ShouldBeTrue();
        tried.ShouldBe(parsed);
        return parsed;
    }

    internal sealed record Order(MessageId Id, MessageId? Before, IReadOnlyDictionary<MessageId, int> Counts);

    [JsonSerializable(typeof(Order))]
    internal sealed partial class Context : JsonSerializerContext;
}
