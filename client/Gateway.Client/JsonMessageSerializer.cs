using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace Gateway.Client;

/// <summary>
/// Bodies in JSON, by <c>System.Text.Json</c>: content type <c>application/json</c>. Also reads types that end in <c>+json</c>.
/// </summary>
public sealed class JsonMessageSerializer : IMessageSerializer
{
    private const string Json = "application/json";
    private const string JsonSuffix = "+json";

    private readonly JsonSerializerOptions _options;

    /// <param name="options">
    /// The options, which are then read-only. Without a resolver of their own they find types by reflection.
    /// </param>
    public JsonMessageSerializer(JsonSerializerOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.MakeReadOnly(populateMissingResolver: true);
        _options = options;
    }

    /// <param name="context">A source-generated context that knows the types of all messages; nothing is found by reflection.</param>
    public JsonMessageSerializer(JsonSerializerContext context)
        : this((context ?? throw new ArgumentNullException(nameof(context))).Options)
    {
    }

    /// <summary>With the options of the web (camel case, case-insensitive), by reflection.</summary>
    public static JsonMessageSerializer Default { get; } = new(new JsonSerializerOptions(JsonSerializerDefaults.Web));

    /// <inheritdoc/>
    public string ContentType => Json;

    /// <inheritdoc/>
    public bool CanRead(string contentType)
    {
        ArgumentNullException.ThrowIfNull(contentType);
        var parameters = contentType.IndexOf(';', StringComparison.Ordinal);
        var type = (parameters < 0 ? contentType : contentType[..parameters]).Trim();
        return type.Equals(Json, StringComparison.OrdinalIgnoreCase) || type.EndsWith(JsonSuffix, StringComparison.OrdinalIgnoreCase);
    }

    /// <inheritdoc/>
    public byte[] Write<T>(T value) => JsonSerializer.SerializeToUtf8Bytes(value, (JsonTypeInfo<T>)_options.GetTypeInfo(typeof(T)));

    /// <inheritdoc/>
    public T? Read<T>(ReadOnlyMemory<byte> body) =>
        JsonSerializer.Deserialize(body.Span, (JsonTypeInfo<T>)_options.GetTypeInfo(typeof(T)));
}
