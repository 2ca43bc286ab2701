using System.CommandLine;
using Gateway.Configuration;
using Microsoft.Extensions.Configuration;

namespace Gateway.Cli.Shell;

/// <summary>
/// The file of configuration that a verb reads beside appsettings.json and the environment: that of the gateway which it asks.
/// </summary>
internal sealed class ConfigOption
{
    private const string Name = "--config";

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
        try
        {
            FileValues.Check(file.FullName, FileDoor.ReadText(file.FullName));
        }
        catch (InvalidDataException fault)
        {
            throw new CommandLineException(ExitCode.Usage, fault.Message);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new CommandLineException(ExitCode.Usage, $"{file.FullName} cannot be read: {fault.Message}");
        }
    }
}
