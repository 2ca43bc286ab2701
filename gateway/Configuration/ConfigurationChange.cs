namespace Gateway.Configuration;

/// <summary>A key whose value in the files is not the one with which the gateway runs.</summary>
/// <param name="Key">The whole key.</param>
/// <param name="Running">The value with which the gateway runs; empty if it has none. Secrets are hidden.</param>
/// <param name="Wanted">The value of the files; empty if they have none. Secrets are hidden.</param>
/// <param name="IsLive">The gateway applies it without a restart.</param>
internal sealed record ChangedValue(string Key, string Running, string Wanted, bool IsLive);

/// <summary>
/// The difference between the configuration with which a gateway runs and another one, and how much of it can be applied.
/// </summary>
/// <param name="Values">By key.</param>
/// <param name="Applied">The configuration after the change: the running one, with the wanted value of each live key.</param>
/// <param name="Obstacle">Why nothing can be applied, although some keys are live; empty otherwise.</param>
internal sealed record ConfigurationChange(IReadOnlyList<ChangedValue> Values, LoadedConfiguration Applied, string Obstacle)
{
    public IEnumerable<ChangedValue> Live => Values.Where(value => value.IsLive);

    public IEnumerable<ChangedValue> AtRestart => Values.Where(value => !value.IsLive);

    public static ConfigurationChange Between(LoadedConfiguration running, LoadedConfiguration wanted)
    {
        var values = Compare(
            OptionValues.Of(running.Options).Concat(OfLogging(running.Logging)).ToDictionary(value => value.Key, Comparer),
            OptionValues.Of(wanted.Options).Concat(OfLogging(wanted.Logging)).ToDictionary(value => value.Key, Comparer));
        var options = OptionValues.Merge(running.Options, wanted.Options);
        var faults = new List<string>();
        // A token may be removed only together with the open address that needed it.
        GatewayOptionsRules.Check(options, faults);
        if (faults.Count > 0)
        {
            return new ConfigurationChange([.. values.Select(value => value with { IsLive = false })], running,
                $"The changes are right together, and only a restart applies them together: {faults[0]}");
        }

        var logging = running.Logging.Where(pair => !LoadedConfiguration.IsLevel(pair.Key))
            .Concat(wanted.Logging.Where(pair => LoadedConfiguration.IsLevel(pair.Key))).ToDictionary(Comparer);
        return new ConfigurationChange(values, new LoadedConfiguration(options, logging), "");
    }

    private static StringComparer Comparer => StringComparer.OrdinalIgnoreCase;

    private static IEnumerable<OptionValue> OfLogging(IReadOnlyDictionary<string, string> logging) =>
        logging.Select(pair => new OptionValue(pair.Key, pair.Value, LoadedConfiguration.IsLevel(pair.Key)));

    private static List<ChangedValue> Compare(Dictionary<string, OptionValue> running, Dictionary<string, OptionValue> wanted) =>
    [
        .. from key in running.Keys.Union(wanted.Keys, Comparer).Order(Comparer)
           let here = running.GetValueOrDefault(key)
           let there = wanted.GetValueOrDefault(key)
           where here?.Text != there?.Text
           select new ChangedValue(key, Shown(key, here), Shown(key, there), (here ?? there)!.IsLive),
    ];

    private static string Shown(string key, OptionValue? value) => EffectiveConfiguration.Shown(key, value?.Text ?? "");
}
