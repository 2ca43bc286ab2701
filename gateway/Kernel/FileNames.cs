namespace Gateway.Kernel;

/// <summary>
/// File names that are valid on every system. Names of gateways and queues become names of files that are copied between systems; paths
/// that an operator gives are the business of the system they are used on.
/// </summary>
internal static class FileNames
{
    private static readonly string[] _devices = ["CON", "PRN", "AUX", "NUL", "CONIN$", "CONOUT$"];

    /// <summary>Windows takes such a name for a device, regardless of anything after its first dot.</summary>
    public static bool IsReserved(string name)
    {
        var stem = name.Split('.')[0].TrimEnd(' ').ToUpperInvariant();
        return _devices.Contains(stem) || (stem.Length == 4 && (stem.StartsWith("COM", StringComparison.Ordinal)
            || stem.StartsWith("LPT", StringComparison.Ordinal)) && char.IsAsciiDigit(stem[3]));
    }

    /// <summary>The name for a file, changed if Windows would take it for a device.</summary>
    public static string Portable(string name) => IsReserved(name) ? $"_{name}" : name;

    /// <summary>
    /// Refuses a path of a file or folder to create that Windows would take for a device: what is written there is lost, or goes to a
    /// printer.
    /// </summary>
    /// <exception cref="IOException">This system is Windows, and a part of the path is reserved there.</exception>
    public static void RequireNoDevice(string path)
    {
        if (OperatingSystem.IsWindows() && DeviceIn(path) is { } device) throw new IOException(
            $"'{device}' in {path} is the name of a device on Windows, where no file or folder can have it; give it another name.");
    }

    /// <summary>The first part of the path that is reserved on Windows; null if there is none.</summary>
    public static string? DeviceIn(string path) => path.Split('/', '\\').FirstOrDefault(part => part.Length > 0 && IsReserved(part));
}
