using Microsoft.Extensions.Configuration;

namespace Gateway.Configuration;

/// <summary>
/// The configuration in force, as a source for the framework's parts, which follow its changes: the filters of the log. It begins with the
/// values of the start.
/// </summary>
internal sealed class ConfigurationInForce(IConfiguration start) : IConfigurationSource
{
    private readonly Values _values = new(start.AsEnumerable().Where(pair => pair.Value is not null));

    public IConfigurationProvider Build(IConfigurationBuilder builder) => _values;

    /// <summary>Puts the section Logging of another configuration in force.</summary>
    public void Use(IReadOnlyDictionary<string, string> logging) => _values.Use(logging);

    private sealed class Values : ConfigurationProvider
    {
        public Values(IEnumerable<KeyValuePair<string, string?>> start) => Data = start.ToDictionary(StringComparer.OrdinalIgnoreCase);

        public void Use(IReadOnlyDictionary<string, string> logging)
        {
            Data = Data.Where(pair => !IsLogging(pair.Key))
                .Concat(logging.Select(pair => KeyValuePair.Create(pair.Key, (string?)pair.Value)))
                .ToDictionary(StringComparer.OrdinalIgnoreCase);
            OnReload();
        }

        private static bool IsLogging(string key) => key.StartsWith($"{LoggingRules.Section}:", StringComparison.OrdinalIgnoreCase);
    }
}
