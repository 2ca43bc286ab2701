using System.CommandLine;
using System.Text.Json;
using Gateway.Configuration;
using Microsoft.Extensions.Configuration;

namespace Gateway.Cli.Shell;

/// <summary>
/// The file of configuration that a verb reads beside appsettings.json and the environment: that of the gateway which it asks.
/// </summary>
internal sealed class ConfigOption
{
    private const string Name = "--config";

    private static readonly string[] _ofTheRoot = [GatewayOptions.Section, "Logging"];

    private readonly Option<FileInfo?> _file = new(Name)
    {
        Description = "A further JSON file of configuration, as the gateway is run with.",
        HelpName = "FILE",
    };

    public void AddTo(Command command)
    {
        if (!command.Options.Contains(_file)) command.Options.Add(_file);
    }

    /// <summary>The arguments for <see cref="GatewayConfiguration"/>; none without the option.</summary>
    /// <exception cref="CommandLineException">The file is no configuration of a gateway.</exception>
    public string[] Arguments(ParseResult parsed) => parsed.GetValue(_file) is { } file ? ArgumentsOf(file) : [];

    /// <summary>Likewise for a file that was given in another way.</summary>
    /// <exception cref="CommandLineException">The file is no configuration of a gateway.</exception>
    public static string[] ArgumentsOf(FileInfo file)
    {
        Check(file);
        return [$"{Name}={file.FullName}"];
    }

    /// <summary>A value of the section Gateway; null when nothing sets it.</summary>
    /// <param name="key">Below the section.</param>
    /// <param name="instead">The option that the user can give instead.</param>
    public string? Read(ParseResult parsed, string key, string instead)
    {
        var arguments = Arguments(parsed);
        try
        {
            return new ConfigurationBuilder().AddGatewayConfiguration(arguments).Build()[$"{GatewayOptions.Section}:{key}"];
        }
        catch (InvalidDataException unreadable)
        {
            throw new CommandLineException(ExitCode.Usage, $"{unreadable.Message} Correct the file, or give {instead}.");
        }
    }

    /// <summary>
    /// A file that sets nothing, because its keys are outside the section, would start a gateway under the default name.
    /// </summary>
    private static void Check(FileInfo file)
    {
        if (!file.Exists)
            throw new CommandLineException(ExitCode.Usage, $"There is no file {file.FullName}, or this user "
                + $"may not look into its folder; give {Name} the path of a JSON file.");
        List<string> keys;
        try
        {
            using var stream = FileDoor.OpenToRead(file.FullName);
            using var json = JsonDocument.Parse(stream, new JsonDocumentOptions
            { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true });
            if (json.RootElement.ValueKind != JsonValueKind.Object) throw Wrong(file, "is no JSON object");
            keys = [.. json.RootElement.EnumerateObject().Select(member => member.Name.Split(':')[0])];
        }
        catch (JsonException fault)
        {
            throw Wrong(file, $"is not JSON: {fault.Message.TrimEnd('.')}");
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw Wrong(file, $"cannot be read: {fault.Message.TrimEnd('.')}");
        }

        var known = typeof(GatewayOptions).GetProperties().Select(property => property.Name).ToList();
        var misplaced = keys.Where(key => known.Contains(key, StringComparer.OrdinalIgnoreCase)).ToList();
        if (misplaced.Count > 0)
            throw Wrong(file, $"has {string.Join(", ", misplaced)} beside the section Gateway and not in it");
        if (keys.Count > 0 && !keys.Intersect(_ofTheRoot, StringComparer.OrdinalIgnoreCase).Any())
            throw Wrong(file, $"has no section Gateway, but {string.Join(", ", keys)}");
    }

    private static CommandLineException Wrong(FileInfo file, string fault) => new(ExitCode.Usage,
        $"{file.FullName} {fault}. Write it as {{ \"Gateway\": {{ \"Name\": \"…\" }} }}; appsettings.json shows all keys.");
}
