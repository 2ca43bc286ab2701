using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Configuration;

namespace Gateway.Configuration;

/// <summary>
/// The files of a gateway's configuration, as they are looked at while it runs. Their names are looked up anew each time: editors replace
/// a file, and configuration maps of containers replace a link to its folder.
/// </summary>
internal sealed class ConfigurationFiles
{
    private readonly string[] _args;

    /// <summary>Made before the configuration is first read, so that no later change goes unnoticed.</summary>
    public ConfigurationFiles(string[] args)
    {
        _args = args;
        FirstLook = Look();
        FirstPresent = Present();
    }

    public string FirstLook { get; }

    /// <summary>The files that were there at the start, and must stay.</summary>
    public IReadOnlySet<string> FirstPresent { get; }

    /// <summary>A look that differs from an earlier one means that a file was changed, replaced, added or removed.</summary>
    public string Look()
    {
        try
        {
            return string.Join('\n', GatewayConfiguration.FilesOf(_args).Select(file => Describe(file.Path)));
        }
        catch (InvalidDataException unreadable)
        {
            return unreadable.Message;
        }
    }

    /// <summary>The files that are there and must stay: those of the folder of further files may come and go.</summary>
    public IReadOnlySet<string> Present() => GatewayConfiguration.FilesOf(_args)
        .Where(file => file.Role != FileRole.Further && File.Exists(file.Path)).Select(file => file.Path).ToHashSet(StringComparer.Ordinal);

    /// <summary>The absolute path of the file beside which the folder of further files is.</summary>
    public string MainFile => GatewayConfiguration.MainFileOf(_args);

    /// <summary>
    /// Tells the main file and those of its folder, as they are now, from all others: two processes with the same mark read the same files.
    /// </summary>
    /// <exception cref="InvalidDataException">The folder cannot be read.</exception>
    public string Mark() => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\n',
        GatewayConfiguration.FilesOf(_args).Where(file => file.Role == FileRole.Further).Select(file => file.Path).Prepend(MainFile)
            .Select(Describe)))));

    /// <summary>Reads all sources afresh, the environment and the command line included.</summary>
    /// <exception cref="InvalidDataException">A file is there and cannot be read.</exception>
    /// <exception cref="IOException">A file that was named is missing, or cannot be read.</exception>
    public IConfigurationRoot Read() => new ConfigurationBuilder().AddGatewayConfiguration(_args).Build();

    private static string Describe(string path)
    {
        try
        {
            var file = new FileInfo(path);
            // Length and time are those of the file itself, not of a link to it.
            if (file.ResolveLinkTarget(returnFinalTarget: true) is FileInfo target) file = target;
            return file.Exists ? $"{file.FullName} {file.Length} {file.LastWriteTimeUtc.Ticks}" : $"{path} missing";
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            return $"{path} {refused.GetType().Name}";
        }
    }
}
