namespace Gateway.Management;

/// <summary>Reads the configuration again while the gateway runs. Thread-safe.</summary>
internal interface IConfigurationReload
{
    /// <summary>
    /// Reads and validates the whole configuration, and applies what can be applied, at once; with a fault it changes nothing. Completes
    /// when it is in force; once begun, it is not cancelled.
    /// </summary>
    /// <param name="who">For the audit trail.</param>
    /// <param name="why">Likewise; empty for none. With one the request is recorded even if nothing is left to apply.</param>
    Task<ReloadOutcome> ReloadAsync(string who, string why, CancellationToken cancellationToken);

    /// <summary>Compares the configuration in force with that of the files, and changes nothing.</summary>
    Task<ConfigurationDifference> CompareAsync(CancellationToken cancellationToken);
}
