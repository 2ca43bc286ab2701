using System.CommandLine;
using Gateway.Cli.Shell;
using Gateway.Configuration;
using Microsoft.Extensions.Configuration;

namespace Gateway.Cli.Offline;

/// <summary>The store that a verb looks after.</summary>
/// <param name="Folder">Null for the one that the configuration gives.</param>
/// <param name="Configured">The section Store of the configuration.</param>
/// <param name="GatewayName">The name of the gateway that the configuration gives.</param>
internal sealed record StorePlace(DirectoryInfo? Folder, StoreOptions Configured, string GatewayName)
{
    public string Path => Folder?.FullName ?? Configured.ResolvePath();
}

/// <summary>The options of every verb for a store whose gateway is stopped, by which the store is found.</summary>
/// <param name="name">The option that names the folder.</param>
/// <param name="description">Describes the folder.</param>
internal sealed class StorePlaceOptions(string name = "--path", string description = "The store's folder.")
{
    private readonly Option<DirectoryInfo?> _path = new(name)
    { Description = $"{description} Without it, the one that the configuration gives.", HelpName = "DIR" };

    private readonly ConfigOption _config = new();

    public void AddTo(Command command)
    {
        command.Options.Add(_path);
        _config.AddTo(command);
    }

    public StorePlace Read(ParseResult parsed)
    {
        var arguments = _config.Arguments(parsed);
        try
        {
            var section = new ConfigurationBuilder().AddGatewayConfiguration(arguments).Build().GetSection(GatewayOptions.Section);
            var store = section.GetSection(nameof(GatewayOptions.Store)).Get<StoreOptions>() ?? new StoreOptions();
            return new StorePlace(parsed.GetValue(_path), store, section[nameof(GatewayOptions.Name)] ?? new GatewayOptions().Name);
        }
        catch (Exception unreadable) when (unreadable is InvalidDataException or InvalidOperationException)
        {
            throw new CommandLineException(
                ExitCode.Usage, $"The configuration cannot be read. {GatewayConfiguration.Reason(unreadable)}");
        }
    }
}
