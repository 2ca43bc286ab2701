using System.Collections;
using System.ComponentModel;
using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.Configuration;

namespace Gateway.Configuration;

/// <summary>Compares the keys of a section with the options they set; finds unknown keys and values that cannot be converted.</summary>
internal static class ConfigurationKeys
{
    public static string OfPeer(string name) => ConfigurationPath.Combine(GatewayOptions.Section, nameof(GatewayOptions.Peers), name);

    public static string OfRoute(string queue) => ConfigurationPath.Combine(GatewayOptions.Section, nameof(GatewayOptions.Routes), queue);

    public static string OfSpread(string queue) => ConfigurationPath.Combine(GatewayOptions.Section, nameof(GatewayOptions.Spread), queue);

    /// <summary>Adds a sentence for each fault to <paramref name="faults"/>; gives the keys with faulty values.</summary>
    public static IReadOnlySet<string> Check(IConfigurationSection section, Type options, ICollection<string> faults)
    {
        var faulty = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        CheckObject(section, options, faults, faulty);
        return faulty;
    }

    private static void CheckObject(IConfigurationSection section, Type type, ICollection<string> faults, HashSet<string> faulty)
    {
        foreach (var child in section.GetChildren())
        {
            var property = type.GetProperties().FirstOrDefault(
                property => property.Name.Equals(child.Key, StringComparison.OrdinalIgnoreCase));
            if (property is null) faults.Add($"{child.Path} is not a key of the configuration; known here "
                + $"are {string.Join(", ", type.GetProperties().Select(known => known.Name))}.");
            else CheckValue(child, property.PropertyType, faults, faulty);
        }
    }

    private static void CheckValue(IConfigurationSection section, Type type, ICollection<string> faults, HashSet<string> faulty)
    {
        if (IsSection(type) && !string.IsNullOrEmpty(section.Value))
        {
            // The binder would ignore it silently.
            faults.Add($"{section.Path} is '{section.Value}', but it "
                + $"is {(type.IsAssignableTo(typeof(IList)) ? "a list: write it in [ ]" : "a section: write it in { }, with its keys")}.");
            faulty.Add(section.Path);
        }
        else if (IsCollection(type))
        {
            foreach (var child in section.GetChildren()) CheckValue(child, type.GetGenericArguments()[^1], faults, faulty);
        }
        else if (IsSection(type))
        {
            CheckObject(section, type, faults, faulty);
        }
        else if (!TryConvert(section.Value, type, out _))
        {
            faults.Add($"{section.Path} is '{section.Value}', which is not {Described(type)}.");
            faulty.Add(section.Path);
        }
    }

    /// <summary>The option holds options of its own, or a collection.</summary>
    public static bool IsSection(Type type) => type.IsClass && type != typeof(string);

    /// <summary>The option is a list, or options by name.</summary>
    public static bool IsCollection(Type type) => type.IsAssignableTo(typeof(IDictionary)) || type.IsAssignableTo(typeof(IList));

    public static bool TryConvert(string? text, Type type, [NotNullWhen(true)] out object? value)
    {
        value = null;
        try
        {
            value = text is null ? null : TypeDescriptor.GetConverter(type).ConvertFromInvariantString(text);
        }
        catch (Exception e) when (e is FormatException or ArgumentException or NotSupportedException)
        {
            return false;
        }

        // A number is converted into any enum.
        if (value is Enum word && !Enum.IsDefined(value.GetType(), word)) value = null;
        return value is not null;
    }

    private static string Described(Type type) =>
        (Nullable.GetUnderlyingType(type) ?? type) is { IsEnum: true } words ? $"one of {string.Join(", ", Enum.GetNames(words))}" :
        type == typeof(TimeSpan) ? "a time such as 00:00:05" :
        type == typeof(bool) ? "true or false" :
        type == typeof(int) || type == typeof(long) ? "a whole number in range" :
        type == typeof(double) ? "a number" :
        "a single text";
}
