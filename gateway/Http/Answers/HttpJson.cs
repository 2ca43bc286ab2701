using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Gateway.Links.Protocol;

namespace Gateway.Http.Answers;

/// <summary>The API's JSON: camelCase names, kebab-case enumerations, causes by code, ISO 8601 times, null values omitted.</summary>
internal static class HttpJson
{
    public static readonly JsonSerializerOptions Options = Configure(new JsonSerializerOptions(JsonSerializerDefaults.Web));

    public static JsonSerializerOptions Configure(JsonSerializerOptions options)
    {
        // Logs, pages and operators write a cause's code in the same way.
        options.Converters.Add(new JsonStringEnumConverter<LinkCause>(namingPolicy: null, allowIntegerValues: false));
        options.Converters.Add(new JsonStringEnumConverter(JsonNamingPolicy.KebabCaseLower, allowIntegerValues: false));
        options.DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull;
        options.NumberHandling = JsonNumberHandling.Strict;
        // Of two headers with one name, one would be lost without a word.
        options.AllowDuplicateProperties = false;
        // Readable in a terminal; the answers' headers keep browsers from taking it for a page.
        options.Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping;
        return options;
    }

    /// <summary>An enum member as written in JSON, addresses and operators' input.</summary>
    public static string NameOf<T>(T member)
        where T : struct, Enum => JsonNamingPolicy.KebabCaseLower.ConvertName(member.ToString());
}
