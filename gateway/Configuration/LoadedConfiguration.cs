using Microsoft.Extensions.Configuration;

namespace Gateway.Configuration;

/// <summary>A configuration without a fault.</summary>
/// <param name="Options">The section Gateway.</param>
/// <param name="Logging">The values of the section Logging, by whole key.</param>
internal sealed record LoadedConfiguration(GatewayOptions Options, IReadOnlyDictionary<string, string> Logging)
{
    /// <param name="options">Those of the configuration, read before.</param>
    public static LoadedConfiguration Of(IConfiguration configuration, GatewayOptions options) => new(
        options,
        configuration.GetSection(LoggingRules.Section).AsEnumerable().Where(pair => pair.Value is { Length: > 0 })
            .ToDictionary(pair => pair.Key, pair => pair.Value!, StringComparer.OrdinalIgnoreCase));

    /// <summary>Levels are applied at once; a log file, or another format, begins with a start.</summary>
    public static bool IsLevel(string loggingKey) =>
        loggingKey.Split(ConfigurationPath.KeyDelimiter).Contains(LoggingRules.Levels, StringComparer.OrdinalIgnoreCase);
}
