namespace Gateway.Configuration;

/// <summary>
/// The store's folder if the configuration names none. It depends on the platform, the user and the service manager, and never on the
/// working directory: a gateway started from elsewhere finds its messages again.
/// </summary>
internal static class StateFolder
{
    private const string Name = "gateway";

    /// <summary>The folder of this process; empty if its user has no folder for data.</summary>
    public static string Default { get; } = Of(new StateFolderFacts(
        OperatingSystem.IsWindows(),
        Environment.IsPrivilegedProcess,
        // Inherited from another unit it would be another program's folder.
        ServiceManager.IsSystemd ? Environment.GetEnvironmentVariable("STATE_DIRECTORY") : null,
        Environment.GetFolderPath(OperatingSystem.IsWindows()
            ? Environment.SpecialFolder.CommonApplicationData : Environment.SpecialFolder.LocalApplicationData,
            Environment.SpecialFolderOption.DoNotVerify)));

    /// <summary>The rule, pure.</summary>
    public static string Of(StateFolderFacts facts) => facts switch
    {
        // A unit may have several, separated by colons; the first is its main one.
        { StateDirectory: { Length: > 0 } folders } => folders.Split(':')[0],
        { IsWindows: true } => facts.DataFolder.Length > 0 ? $"{facts.DataFolder}\\Gateway\\store" : "",
        { IsPrivileged: true } => $"/var/lib/{Name}",
        _ => facts.DataFolder.Length > 0 ? $"{facts.DataFolder}/{Name}" : "",
    };
}

/// <summary>The facts on which <see cref="StateFolder"/> depends.</summary>
/// <param name="IsWindows">Services and users alike then have one folder, for a store is bound to the host, not to an account.</param>
/// <param name="IsPrivileged">The process runs as root.</param>
/// <param name="StateDirectory">
/// The folder that systemd made for the unit of this process (<c>StateDirectory=</c>, systemd.exec(5)); null if systemd did not start it,
/// or made none.
/// </param>
/// <param name="DataFolder">The folder for data of the host (Windows) or of the user (elsewhere); empty if there is none.</param>
internal sealed record StateFolderFacts(bool IsWindows, bool IsPrivileged, string? StateDirectory, string DataFolder);
