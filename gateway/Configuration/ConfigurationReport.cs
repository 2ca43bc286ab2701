using System.Text.Json.Serialization;
using System.Text.RegularExpressions;
using Gateway.Transport.Tls;
using Microsoft.Extensions.Configuration;

namespace Gateway.Configuration;

/// <summary>What a gateway would find in its configuration at its start, certificates included. Nothing is started or written.</summary>
/// <param name="Name">The gateway's name.</param>
/// <param name="StorePath">The absolute path of its store's folder; empty if it is in a database, or this user has none.</param>
/// <param name="Peers">The names of its peers.</param>
/// <param name="Faults">All faults; with one, the gateway would not start.</param>
/// <param name="Warnings">Sentences on what would be wrong later.</param>
internal sealed partial record ConfigurationReport(
    string Name,
    string StorePath,
    IReadOnlyList<string> Peers,
    IReadOnlyList<ConfigurationFault> Faults,
    IReadOnlyList<string> Warnings)
{
    /// <summary>What was read; usable only without a fault.</summary>
    [JsonIgnore]
    public GatewayOptions Options { get; private init; } = new();

    /// <summary>Where the store is, for people; usable only without a fault.</summary>
    [JsonIgnore]
    public string Store => Options.Store.IsPostgres() ? Options.Store.ToPostgres(Name).Describe() : StorePath;

    public static ConfigurationReport Of(IConfigurationRoot configuration, TimeProvider time)
    {
        var (options, faults) = GatewayOptionsReader.Examine(configuration);
        var warnings = new List<string>();
        var links = $"{GatewayOptions.Section}:{nameof(GatewayOptions.Links)}:{nameof(LinksOptions.Tls)}";
        var http = $"{GatewayOptions.Section}:{nameof(GatewayOptions.Http)}:{nameof(HttpOptions.Tls)}";
        if (options.Links.Tls.IsOn) Look(options.Links.Tls.ToFiles(), links, options.Name);
        if (options.Http.Tls.IsOn) Look(options.Http.Tls.ToFiles(), http, ownName: "");
        foreach (var (name, inlet) in options.Tcp.Inlets.Where(inlet => inlet.Value.Tls.IsOn))
            Look(inlet.Tls.ToFiles(), $"{GatewayOptions.Section}:Tcp:Inlets:{name}:Tls", ownName: "");
        return new ConfigurationReport(
            options.Name,
            PathOf(options.Store),
            [.. options.Peers.Keys.Order(StringComparer.Ordinal)],
            [.. faults.Select(fault => new ConfigurationFault(fault, SourceOf(configuration, fault)))],
            warnings)
        { Options = options };

        void Look(TlsFiles files, string key, string ownName)
        {
            try
            {
                using var own = files.Read().Own;
                var names = CertificateText.NamesOf(own);
                var warning = CertificateText.WarningOf(CertificateText.ExpiresAt(own), time.GetUtcNow());
                if (warning.Length > 0) warnings.Add($"{key}: {warning}.");
                if (ownName.Length > 0 && !names.Contains(ownName)) warnings.Add($"{key}: the certificate is valid "
                    + $"for {string.Join(", ", names)}, not for this gateway's name {ownName}: only peers with its fingerprint in "
                    + "their configuration accept it.");
            }
            catch (TlsFilesException unusable)
            {
                faults.Add($"{key}: {unusable.Message}.");
            }
        }
    }

    /// <summary>The configuration of a gateway that runs with these options: it has no fault.</summary>
    public static ConfigurationReport OfRunning(GatewayOptions options) => new(
        options.Name, PathOf(options.Store), [.. options.Peers.Keys.Order(StringComparer.Ordinal)], [], [])
    { Options = options };

    private static string PathOf(StoreOptions store) =>
        !store.IsPostgres() && (store.Path.Length > 0 || StateFolder.Default.Length > 0) ? store.ResolvePath() : "";

    /// <summary>The source of the first key that a sentence names, or of a key below it.</summary>
    private static string? SourceOf(IConfigurationRoot configuration, string fault)
    {
        if (Key().Match(fault) is not { Success: true } key) return null;
        return configuration.GetSection(key.Value).AsEnumerable().Where(pair => pair.Value is not null)
            .Select(pair => EffectiveConfiguration.SourceOf(configuration, pair.Key)).FirstOrDefault(source => source is not null);
    }

    [GeneratedRegex(@"\b(Gateway|Logging)(:[\w.-]*\w)+")]
    private static partial Regex Key();
}
