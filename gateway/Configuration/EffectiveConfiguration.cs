using System.Reflection;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Configuration.CommandLine;
using Microsoft.Extensions.Configuration.EnvironmentVariables;

namespace Gateway.Configuration;

/// <summary>
/// Lists the values with which a gateway would run, and the source of each. A value that cannot be used is listed as it is written.
/// </summary>
internal static class EffectiveConfiguration
{
    public const string Default = "default";

    /// <summary>Replaces a secret.</summary>
    public const string Hidden = "***";

    private const string StorePath = $"{GatewayOptions.Section}:{nameof(GatewayOptions.Store)}:{nameof(StoreOptions.Path)}";

    private static readonly HashSet<string> _secrets = new(
        typeof(GatewayOptions).Assembly.GetTypes().SelectMany(type => type.GetProperties())
            .Where(property => property.IsDefined(typeof(SecretAttribute))).Select(property => property.Name),
        StringComparer.OrdinalIgnoreCase);

    /// <summary>All values of the sections Gateway and Logging, by key.</summary>
    public static IReadOnlyList<ConfiguredValue> Of(IConfigurationRoot configuration)
    {
        var defaults = Defaults(new GatewayOptions(), GatewayOptions.Section)
            .ToDictionary(item => item.Key, item => item.Value, StringComparer.OrdinalIgnoreCase);
        var set = new[] { GatewayOptions.Section, LoggingRules.Section }.Select(configuration.GetSection)
            .SelectMany(section => section.AsEnumerable()).Where(pair => pair.Value is not null)
            // An empty list has a value, which is empty.
            .Where(pair => pair.Value!.Length > 0 || defaults.ContainsKey(pair.Key)).ToList();
        var listed = set.Select(pair => new ConfiguredValue(
            pair.Key,
            Shown(pair.Key, pair.Value!),
            SourceOf(configuration, pair.Key) ?? Default,
            IsChanged: !defaults.TryGetValue(pair.Key, out var value) || !IsSame(pair.Value!, value)));
        return
        [
            .. defaults.ExceptBy(set.Select(pair => pair.Key), item => item.Key, StringComparer.OrdinalIgnoreCase)
                .Select(item => new ConfiguredValue(item.Key, Shown(item.Key, OptionValues.Text(item.Value)), Default, IsChanged: false))
                .Concat(listed).OrderBy(value => value.Key, StringComparer.OrdinalIgnoreCase),
        ];
    }

    /// <summary>The source whose value counts; null if none sets the key.</summary>
    public static string? SourceOf(IConfigurationRoot configuration, string key) =>
        configuration.Providers.LastOrDefault(provider => provider.TryGet(key, out _)) switch
        {
            null => null,
            FileValues file => Shortened(file.Path),
            EnvironmentVariablesConfigurationProvider => $"environment {key.Replace(":", "__", StringComparison.Ordinal)}",
            CommandLineConfigurationProvider => $"command line --{key}",
            var other => other.ToString(),
        };

    /// <summary>
    /// The file beside the program, which has every key, is known by its name alone. A package puts a link to it there: then its place is
    /// told.
    /// </summary>
    private static string Shortened(string path)
    {
        if (path != Path.Combine(AppContext.BaseDirectory, GatewayConfiguration.FileName)) return path;
        return new FileInfo(path).ResolveLinkTarget(returnFinalTarget: true)?.FullName ?? GatewayConfiguration.FileName;
    }

    private static IEnumerable<(string Key, object? Value)> Defaults(object options, string path)
    {
        foreach (var property in options.GetType().GetProperties(BindingFlags.Public | BindingFlags.Instance))
        {
            var (key, value) = ($"{path}:{property.Name}", property.GetValue(options));
            if (ConfigurationKeys.IsCollection(property.PropertyType)) continue;
            if (!ConfigurationKeys.IsSection(property.PropertyType)) yield return (key, value);
            else foreach (var item in Defaults(value!, key)) yield return item;
        }
    }

    /// <summary>The value for people: a secret is hidden, and the default folder of the store is named.</summary>
    public static string Shown(string key, string value)
    {
        if (value.Length == 0) return key.Equals(StorePath, StringComparison.OrdinalIgnoreCase) ? StateFolder.Default : "";
        return _secrets.Contains(ConfigurationPath.GetSectionKey(key)) ? Hidden : AddressText.WithoutPassword(value);
    }

    private static bool IsSame(string text, object? value) =>
        text == OptionValues.Text(value)
        || (value is not null && ConfigurationKeys.TryConvert(text, value.GetType(), out var set) && set.Equals(value));
}
