using System.Text.Json;
using System.Text.Json.Serialization;

namespace Gateway.Client;

/// <summary>A <see cref="MessageId"/> is its text, as a value and as the key of a dictionary. Applies by itself.</summary>
public sealed class MessageIdJsonConverter : JsonConverter<MessageId>
{
    /// <inheritdoc/>
    public override MessageId Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.TokenType == JsonTokenType.String ? Parse(reader.GetString()) : throw new JsonException("A message id is a string.");

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, MessageId value, JsonSerializerOptions options)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.WriteStringValue(value.ToString());
    }

    /// <inheritdoc/>
    public override MessageId ReadAsPropertyName(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        Parse(reader.GetString());

    /// <inheritdoc/>
    public override void WriteAsPropertyName(Utf8JsonWriter writer, MessageId value, JsonSerializerOptions options)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.WritePropertyName(value.ToString());
    }

    private static MessageId Parse(string? text) => MessageId.TryParse(text, out var id)
        ? id
        : throw new JsonException("A message id is a UUID in its usual text form of 36 characters.");
}
