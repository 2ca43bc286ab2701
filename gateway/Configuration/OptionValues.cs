using System.Collections;
using System.Globalization;
using System.Reflection;
using Microsoft.Extensions.Configuration;

namespace Gateway.Configuration;

/// <summary>One value of the options.</summary>
/// <param name="Key">The whole key, such as <c>Gateway:Peers:billing:Address</c>.</param>
/// <param name="Text">The value as it could be written in a file; a secret is not hidden.</param>
/// <param name="IsLive">A changed value is applied to the running gateway.</param>
internal sealed record OptionValue(string Key, string Text, bool IsLive);

/// <summary>Reads options value by value, and puts values of two together. Pure.</summary>
internal static class OptionValues
{
    /// <summary>Each value of the options, the entries of collections included.</summary>
    public static IEnumerable<OptionValue> Of(GatewayOptions options) => OfSection(options, GatewayOptions.Section);

    /// <summary>
    /// The options of a gateway that runs with <paramref name="running"/> and applies of <paramref name="wanted"/> all that can be applied.
    /// </summary>
    public static GatewayOptions Merge(GatewayOptions running, GatewayOptions wanted) => (GatewayOptions)MergeSection(running, wanted);

    public static string Text(object? value) => value switch
    {
        bool isOn => isOn ? "true" : "false",
        IFormattable formattable => formattable.ToString(format: null, CultureInfo.InvariantCulture),
        _ => value?.ToString() ?? "",
    };

    private static IEnumerable<OptionValue> OfSection(object section, string path) => section.GetType().GetProperties().SelectMany(
        property => IsOptions(property.PropertyType)
            ? OfSection(property.GetValue(section)!, ConfigurationPath.Combine(path, property.Name))
            : OfValue(property.GetValue(section), ConfigurationPath.Combine(path, property.Name),
                property.IsDefined(typeof(LiveAttribute))));

    private static IEnumerable<OptionValue> OfValue(object? value, string key, bool isLive) => value switch
    {
        IDictionary entries => entries.Keys.Cast<string>().SelectMany(
            name => OfValue(entries[name], ConfigurationPath.Combine(key, name), isLive)),
        IList items => items.Cast<object>().SelectMany((item, at) => OfValue(item, ConfigurationPath.Combine(key, Text(at)), isLive)),
        not null when IsOptions(value.GetType()) => value.GetType().GetProperties().SelectMany(
            property => OfValue(property.GetValue(value), ConfigurationPath.Combine(key, property.Name), isLive)),
        _ => [new OptionValue(key, Text(value), isLive)],
    };

    private static object MergeSection(object running, object wanted)
    {
        var merged = Activator.CreateInstance(running.GetType())!;
        foreach (var property in running.GetType().GetProperties())
        {
            property.SetValue(merged, IsOptions(property.PropertyType)
                ? MergeSection(property.GetValue(running)!, property.GetValue(wanted)!)
                : property.GetValue(property.IsDefined(typeof(LiveAttribute)) ? wanted : running));
        }

        return merged;
    }

    private static bool IsOptions(Type type) => type.Namespace == typeof(GatewayOptions).Namespace;
}
