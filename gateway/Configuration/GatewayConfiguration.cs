using Microsoft.Extensions.Configuration;

namespace Gateway.Configuration;

/// <summary>Adds the sources of a gateway's configuration.</summary>
internal static class GatewayConfiguration
{
    /// <summary>The file beside the program.</summary>
    public const string FileName = "appsettings.json";

    private const string ConfigArgument = "--config=";

    /// <summary>
    /// Adds appsettings.json beside the program, an additional file, the files of the folder beside it, the environment and the command
    /// line; later sources win.
    /// </summary>
    /// <exception cref="InvalidDataException">A file is there and cannot be read.</exception>
    /// <exception cref="IOException">A file that was named is missing.</exception>
    public static IConfigurationBuilder AddGatewayConfiguration(this IConfigurationBuilder builder, string[] args) =>
        builder.AddGatewayConfiguration(args, planned: null);

    /// <summary>Likewise, as if a file of the folder were written already.</summary>
    /// <inheritdoc cref="AddGatewayConfiguration(IConfigurationBuilder, string[])"/>
    public static IConfigurationBuilder AddGatewayConfiguration(this IConfigurationBuilder builder, string[] args, PlannedFile? planned)
    {
        IEnumerable<ConfigurationFile> files = FilesOf(args);
        if (planned is not null)
        {
            files = files.Append(new ConfigurationFile(planned.Path, FileRole.Further)).Distinct()
                .OrderBy(file => file.Role == FileRole.Further ? file.Path : "", StringComparer.Ordinal);
        }

        var found = new List<FileValues>();
        foreach (var file in files)
        {
            var text = file.Path == planned?.Path ? planned.Text : Read(file);
            if (text is not null) found.Add(FileValues.Parse(file.Path, text));
        }

        FileValues.ReplaceLists(found);
        foreach (var file in found) builder.Add(file);
        return builder.AddEnvironmentVariables()
            .AddCommandLine(args.Where(arg => !arg.StartsWith(ConfigArgument, StringComparison.Ordinal)).ToArray());
    }

    /// <summary>The files that are read, in their order.</summary>
    /// <exception cref="InvalidDataException">The folder of further files is there and cannot be read.</exception>
    public static IReadOnlyList<ConfigurationFile> FilesOf(string[] args) =>
    [
        new(ProgramFile, FileRole.Program),
        .. Named(args).Select(path => new ConfigurationFile(path, FileRole.Named)),
        .. ConfigurationFolder.FilesIn(ConfigurationFolder.Beside(MainFileOf(args)))
            .Select(path => new ConfigurationFile(path, FileRole.Further)),
    ];

    /// <summary>The file beside which the folder of further files is: the last one that was named, or the one of the program.</summary>
    public static string MainFileOf(string[] args)
    {
        if (Named(args).LastOrDefault() is { } named) return named;
        // A package puts a link there, to the folder of the host's configuration.
        return new FileInfo(ProgramFile).ResolveLinkTarget(returnFinalTarget: true)?.FullName ?? ProgramFile;
    }

    /// <summary>Says why a file cannot be read, with the place of a fault in it.</summary>
    public static string Reason(Exception unreadable) =>
        unreadable.InnerException is null ? unreadable.Message : $"{unreadable.Message} {unreadable.GetBaseException().Message}";

    private static string ProgramFile => Path.Combine(AppContext.BaseDirectory, FileName);

    private static IEnumerable<string> Named(string[] args) =>
        args.Where(arg => arg.StartsWith(ConfigArgument, StringComparison.Ordinal))
            .Select(file => Path.GetFullPath(file[ConfigArgument.Length..]));

    /// <summary>The text of a file; null if it may be missing and is.</summary>
    private static string? Read(ConfigurationFile file)
    {
        try
        {
            return FileDoor.ReadText(file.Path);
        }
        catch (Exception none) when (none is FileNotFoundException or DirectoryNotFoundException)
        {
            return file.Role != FileRole.Named ? null : throw new FileNotFoundException($"There is no file {file.Path}.", file.Path);
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            throw new InvalidDataException($"{file.Path} cannot be opened; let the user that runs this read it.", refused);
        }
    }
}
