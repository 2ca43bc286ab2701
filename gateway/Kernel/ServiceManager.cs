using System.Globalization;

namespace Gateway.Kernel;

/// <summary>The service manager of this host, as far as it concerns this process.</summary>
internal static class ServiceManager
{
    /// <summary>
    /// systemd has started this process itself (SYSTEMD_EXEC_PID, systemd.exec(5)). The children of such a process inherit its
    /// variables, which then name another program.
    /// </summary>
    public static bool IsSystemd { get; } = OperatingSystem.IsLinux()
        && Environment.GetEnvironmentVariable("SYSTEMD_EXEC_PID") == Environment.ProcessId.ToString(CultureInfo.InvariantCulture);
}
