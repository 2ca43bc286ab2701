using Microsoft.Extensions.Configuration;

namespace Gateway.Configuration;

/// <summary>Adds the sources of a gateway's configuration.</summary>
internal static class GatewayConfiguration
{
    /// <summary>The file beside the program.</summary>
    public const string FileName = "appsettings.json";

    private const string ConfigArgument = "--config=";

    /// <summary>
    /// Adds appsettings.json beside the program, an additional file, the environment and the command line; later sources win.
    /// </summary>
    /// <exception cref="InvalidDataException">A file is there and cannot be read.</exception>
    public static IConfigurationBuilder AddGatewayConfiguration(this IConfigurationBuilder builder, string[] args)
    {
        builder.SetBasePath(AppContext.BaseDirectory);
        foreach (var (file, isOptional) in FilesOf(args)) builder.AddFile(file, isOptional);

        return builder.AddEnvironmentVariables()
            .AddCommandLine(args.Where(arg => !arg.StartsWith(ConfigArgument, StringComparison.Ordinal)).ToArray());
    }

    /// <summary>The files that are read, by absolute path and in their order, and whether each may be missing.</summary>
    public static IReadOnlyList<(string Path, bool IsOptional)> FilesOf(string[] args) =>
    [
        (Path.Combine(AppContext.BaseDirectory, FileName), true),
        .. args.Where(arg => arg.StartsWith(ConfigArgument, StringComparison.Ordinal))
            .Select(file => (Path.GetFullPath(file[ConfigArgument.Length..]), false)),
    ];

    /// <summary>Says why a file cannot be read, with the place of a fault in it.</summary>
    public static string Reason(Exception unreadable) =>
        unreadable.InnerException is null ? unreadable.Message : $"{unreadable.Message} {unreadable.GetBaseException().Message}";

    private static void AddFile(this IConfigurationBuilder builder, string path, bool optional)
    {
        try
        {
            FileDoor.OpenToRead(path).Dispose();
        }
        catch (Exception none) when (none is FileNotFoundException or DirectoryNotFoundException)
        {
            if (optional) return;
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            throw new InvalidDataException($"{path} cannot be opened; let the user that runs this read it.", refused);
        }

        builder.AddJsonFile(path, optional);
    }
}
