using System.Globalization;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Metadata;

namespace Gateway.Http.Answers;

/// <summary>The optional parameters of a request whose text is no value of their type; the framework answers with a bare 400.</summary>
internal static class UnreadParameters
{
    private const int ShownCharacters = 100;

    /// <summary>A sentence on the first of them, or null.</summary>
    public static string? Describe(HttpContext context)
    {
        foreach (var parameter in context.GetEndpoint()?.Metadata.GetOrderedMetadata<IParameterBindingMetadata>() ?? [])
            if (parameter is { HasTryParse: true, IsOptional: true }
                && context.Request.Query[parameter.Name].ToString() is { Length: > 0 } text
                && Expected(parameter.ParameterInfo.ParameterType, text) is { } expected)
                return $"{char.ToLowerInvariant(parameter.Name[0])}{parameter.Name[1..]} takes {expected}, not '{Shortened(text)}'";
        return null;
    }

    /// <summary>What a parameter of this type takes, if the text is none.</summary>
    private static string? Expected(Type type, string text)
    {
        type = Nullable.GetUnderlyingType(type) ?? type;
        if (type == typeof(int)) return Unless<int>(text, "a whole number");
        if (type == typeof(long)) return Unless<long>(text, "a whole number");
        if (type == typeof(double)) return Unless<double>(text, "a number");
        if (type == typeof(bool)) return Unless<bool>(text, "true or false");
        if (type == typeof(DateTimeOffset)) return Unless<DateTimeOffset>(text, "a time as ISO 8601 writes it");
        return null;
    }

    private static string? Unless<T>(string text, string expected) where T : IParsable<T> =>
        T.TryParse(text, CultureInfo.InvariantCulture, out _) ? null : expected;

    private static string Shortened(string text) => text.Length <= ShownCharacters ? text : $"{text[..ShownCharacters]}…";
}
