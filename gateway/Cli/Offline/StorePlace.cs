using System.CommandLine;
using Gateway.Cli.Shell;
using Gateway.Configuration;
using Gateway.Store.Postgres;
using Microsoft.Extensions.Configuration;

namespace Gateway.Cli.Offline;

/// <summary>The store that a verb looks after.</summary>
/// <param name="Folder">Null for the one that the configuration gives.</param>
/// <param name="Configured">The section Store of the configuration.</param>
/// <param name="GatewayName">The name of the gateway that the configuration gives.</param>
internal sealed record StorePlace(DirectoryInfo? Folder, StoreOptions Configured, string GatewayName)
{
    /// <summary>It is in the database that the configuration gives.</summary>
    public bool IsDatabase => Folder is null && Configured.IsPostgres();

    public string Path => Folder?.FullName ?? Configured.ResolvePath();

    /// <summary>The database of the configuration.</summary>
    /// <exception cref="CommandLineException">The configuration gives none that can be used.</exception>
    public PostgresSettings Database()
    {
        var faults = new List<string>();
        var configured = Configured;
        if (!configured.IsPostgres()) configured = new StoreOptions
        { Engine = StoreOptions.PostgreSql, ConnectionString = Configured.ConnectionString, Schema = Configured.Schema };
        StoreEngineRules.Check(configured, faults);
        if (faults.Count > 0) throw new CommandLineException(ExitCode.Usage, string.Join(' ', faults));
        return configured.ToPostgres(GatewayName);
    }
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

    public StorePlace Read(ParseResult parsed) => Read(_config, parsed, parsed.GetValue(_path));

    /// <param name="folder">The store's folder; null for the store of the configuration.</param>
    public static StorePlace Read(ConfigOption config, ParseResult parsed, DirectoryInfo? folder)
    {
        var arguments = config.Arguments(parsed);
        try
        {
            var section = new ConfigurationBuilder().AddGatewayConfiguration(arguments).Build().GetSection(GatewayOptions.Section);
            var store = section.GetSection(nameof(GatewayOptions.Store)).Get<StoreOptions>() ?? new StoreOptions();
            return new StorePlace(folder, store, section[nameof(GatewayOptions.Name)] ?? new GatewayOptions().Name);
        }
        catch (Exception unreadable) when (unreadable is InvalidDataException or InvalidOperationException)
        {
            throw new CommandLineException(
                ExitCode.Usage, $"The configuration cannot be read. {GatewayConfiguration.Reason(unreadable)}");
        }
    }
}
