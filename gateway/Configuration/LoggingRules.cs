using Gateway.Logging;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Console;

namespace Gateway.Configuration;

/// <summary>
/// The rules of the section Logging, which the framework reads: it would end the process at a level that it does not know, and ignore a
/// key that is misspelt.
/// </summary>
internal static class LoggingRules
{
    public const string Section = "Logging";

    /// <summary>The levels of the log, or of one of its outputs.</summary>
    public const string Levels = "LogLevel";

    private const string Console = "Console";
    private const string EventLog = "EventLog";
    private const string File = "File";

    public static void Check(IConfiguration configuration, ICollection<string> faults)
    {
        foreach (var child in configuration.GetSection(Section).GetChildren())
        {
            if (Is(child, Levels)) CheckLevels(child, faults);
            else if (Is(child, Console) || Is(child, EventLog)) CheckOutput(child, faults);
            else if (Is(child, File)) CheckFile(child, faults);
            else faults.Add($"{child.Path} is not a key of the configuration; known here are {Levels}, {Console}, {File}, {EventLog}.");
        }
    }

    private static void CheckOutput(IConfigurationSection output, ICollection<string> faults)
    {
        foreach (var child in output.GetChildren().Where(child => Is(child, Levels))) CheckLevels(child, faults);
        if (!Is(output, Console)) return;
        CheckFormatter(output, [ConsoleFormatterNames.Json, ConsoleFormatterNames.Simple, ConsoleFormatterNames.Systemd], faults);
        CheckBinds<ConsoleLoggerOptions>(output, faults);
        CheckBinds<SimpleConsoleFormatterOptions>(output.GetSection("FormatterOptions"), faults);
        CheckBinds<JsonConsoleFormatterOptions>(output.GetSection("FormatterOptions"), faults);
    }

    private static void CheckFile(IConfigurationSection file, ICollection<string> faults)
    {
        if (ConfigurationKeys.Check(file, typeof(FileLogOptions), faults).Count > 0) return;
        GatewayOptionsReader.CheckRanges(file.Get<FileLogOptions>() ?? new FileLogOptions(), FileLogOptions.Section, faults);
        CheckFormatter(file, [ConsoleFormatterNames.Json, ConsoleFormatterNames.Simple], faults);
        CheckLevels(file.GetSection(Levels), faults);
    }

    private static void CheckFormatter(IConfigurationSection output, string[] known, ICollection<string> faults)
    {
        if (output["FormatterName"] is { } name && !known.Contains(name, StringComparer.OrdinalIgnoreCase))
            faults.Add($"{output.Path}:FormatterName is '{name}'; known are {string.Join(", ", known)}.");
    }

    private static void CheckLevels(IConfigurationSection levels, ICollection<string> faults)
    {
        var known = string.Join(", ", Enum.GetNames<LogLevel>());
        if (levels.Value is { Length: > 0 } single)
            faults.Add($"{levels.Path} is '{single}', but it is a section: write it in {{ }}, as {{ \"Default\": \"{single}\" }}.");
        foreach (var level in levels.GetChildren())
        {
            if (!Enum.TryParse<LogLevel>(level.Value, ignoreCase: true, out var value) || !Enum.IsDefined(value))
                faults.Add($"{level.Path} is '{level.Value}'; known are {known}.");
        }
    }

    /// <summary>The values can be converted to those of the framework's options.</summary>
    private static void CheckBinds<T>(IConfigurationSection section, ICollection<string> faults)
        where T : class, new()
    {
        try
        {
            section.Bind(new T());
        }
        catch (InvalidOperationException unusable)
        {
            var fault = $"{section.Path}: {unusable.Message}";
            if (!faults.Contains(fault)) faults.Add(fault);
        }
    }

    private static bool Is(IConfigurationSection section, string name) => section.Key.Equals(name, StringComparison.OrdinalIgnoreCase);
}
