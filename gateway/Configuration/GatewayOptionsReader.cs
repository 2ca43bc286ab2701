using System.Collections;
using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;

namespace Gateway.Configuration;

/// <summary>Reads and validates the options. Every fault is found, and named by its key, before anything starts.</summary>
internal static class GatewayOptionsReader
{
    /// <exception cref="OptionsValidationException">Lists all faults.</exception>
    public static GatewayOptions Read(IConfiguration configuration)
    {
        var (options, faults) = Examine(configuration);
        return faults.Count == 0 ? options : throw new OptionsValidationException(GatewayOptions.Section, typeof(GatewayOptions), faults);
    }

    /// <summary>The options, and the sentences on their faults; a value that cannot be converted is left at its default.</summary>
    /// <param name="system">Null for this host's.</param>
    public static (GatewayOptions Options, List<string> Faults) Examine(IConfiguration configuration, SystemFacts? system = null)
    {
        var section = configuration.GetSection(GatewayOptions.Section);
        var faults = new List<string>();
        var faulty = ConfigurationKeys.Check(section, typeof(GatewayOptions), faults);
        var options = new GatewayOptions();
        Without(configuration, faulty).GetSection(GatewayOptions.Section).Bind(options);

        CheckRanges(options, GatewayOptions.Section, faults, faulty);
        GatewayOptionsRules.Check(options, faults, system);
        LoggingRules.Check(configuration, faults);
        return (options, faults);
    }

    /// <summary>Removes the keys that cannot be bound, so that the rest can be checked too.</summary>
    private static IConfiguration Without(IConfiguration configuration, IReadOnlySet<string> faulty) =>
        new ConfigurationBuilder().AddInMemoryCollection(configuration.AsEnumerable().Where(pair => !faulty.Contains(pair.Key))).Build();

    /// <summary>Adds a sentence for each value of the options, and of those within them, that is not in its range.</summary>
    /// <param name="faulty">Keys whose faults are known already.</param>
    public static void CheckRanges(object value, string path, ICollection<string> faults, IReadOnlySet<string>? faulty = null)
    {
        foreach (var property in value.GetType().GetProperties())
        {
            var member = property.GetValue(value);
            var key = $"{path}:{property.Name}";
            var context = new ValidationContext(value) { MemberName = property.Name, DisplayName = key };
            var found = new List<ValidationResult>();
            if (faulty?.Contains(key) != true) Validator.TryValidateProperty(member, context, found);
            foreach (var fault in found) faults.Add($"{fault.ErrorMessage} It is '{member}'.");

            if (member is IDictionary entries)
            {
                foreach (DictionaryEntry entry in entries)
                {
                    if (entry.Value?.GetType().Namespace == typeof(GatewayOptions).Namespace)
                        CheckRanges(entry.Value!, $"{key}:{entry.Key}", faults, faulty);
                }
            }
            else if (member is not null && member.GetType().Namespace == typeof(GatewayOptions).Namespace)
            {
                CheckRanges(member, key, faults, faulty);
            }
        }
    }
}
