using System.Globalization;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;

namespace Gateway.Client.Outbox;

/// <summary>Reads options from a section of the configuration. Every fault is told at once, with its key and what to write there.</summary>
internal static class OptionsSection
{
    /// <summary>Sets the options that the section has.</summary>
    /// <exception cref="OptionsValidationException">A key is no option, or a value cannot be read.</exception>
    public static void Apply<TOptions>(IConfiguration section, TOptions options)
        where TOptions : class
    {
        var properties = typeof(TOptions).GetProperties().Where(property => FormOf(property.PropertyType).Length > 0)
            .ToDictionary(property => property.Name, StringComparer.OrdinalIgnoreCase);
        var faults = new List<string>();
        foreach (var entry in section.GetChildren())
        {
            if (!properties.TryGetValue(entry.Key, out var property))
                faults.Add($"{entry.Path} is no option that a configuration can have: it has {string.Join(", ", properties.Keys)}.");
            else if (Read(property.PropertyType, entry.Value) is { } value)
                property.SetValue(options, value);
            else
                faults.Add($"{entry.Path} '{entry.Value}' is not {FormOf(property.PropertyType)}.");
        }

        if (faults.Count > 0)
            throw new OptionsValidationException(Options.DefaultName, typeof(TOptions), faults);
    }

    /// <summary>What stands before the names of options in the configuration; empty for its root.</summary>
    public static string PrefixOf(IConfiguration section) => section is IConfigurationSection { Path: var path } ? $"{path}:" : "";

    /// <summary>What a value of the type looks like; empty if a configuration cannot have one.</summary>
    private static string FormOf(Type type) =>
        type == typeof(string) ? "a text"
        : type == typeof(bool) ? "true or false"
        : type == typeof(int) ? "a whole number"
        : type == typeof(TimeSpan) ? "a time as 00:00:01.5"
        : type == typeof(OutboxDialect) ? $"one of {string.Join(", ", OutboxDialect.ByName.Keys)}"
        : "";

    /// <summary>Null for a value that is not of this form.</summary>
    private static object? Read(Type type, string? text)
    {
        if (type == typeof(bool))
            return bool.TryParse(text, out var whether) ? whether : null;
        if (type == typeof(int))
            return int.TryParse(text, NumberStyles.Integer, CultureInfo.InvariantCulture, out var number) ? number : null;
        if (type == typeof(TimeSpan))
            return TimeSpan.TryParse(text, CultureInfo.InvariantCulture, out var time) ? time : null;
        return type == typeof(OutboxDialect) ? OutboxDialect.ByName.GetValueOrDefault(text ?? "") : text;
    }
}
