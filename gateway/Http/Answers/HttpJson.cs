using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Gateway.Links;

namespace Gateway.Http.Answers;

/// <summary>
/// How the API writes JSON: names in camelCase, enumerations in kebab-case, causes by their code, times in ISO 8601, nothing for what is
/// null.
/// </summary>
internal static class HttpJson
{
    public static readonly JsonSerializerOptions Options = Configure(new JsonSerializerOptions(JsonSerializerDefaults.Web));

    public static JsonSerializerOptions Configure(JsonSerializerOptions options)
    {
        // A cause is a code that logs, pages and operators write in one way.
        options.Converters.Add(new JsonStringEnumConverter<LinkCause>(namingPolicy: null, allowIntegerValues: false));
        options.Converters.Add(new JsonStringEnumConverter(JsonNamingPolicy.KebabCaseLower, allowIntegerValues: false));
        options.DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull;
        options.NumberHandling = JsonNumberHandling.Strict;
        // For people who read it in a terminal; no browser takes it for a page, as the answers' headers say.
        options.Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping;
        return options;
    }

    /// <summary>An enumeration's member as it stands in JSON, in addresses and in the words of an operator.</summary>
    public static string NameOf<T>(T member)
        where T : struct, Enum => JsonNamingPolicy.KebabCaseLower.ConvertName(member.ToString());
}
