using System.Text;
using Gateway.Cli.Shell;
using Gateway.Configuration;
using Gateway.Store.Disk.Files;
using Microsoft.Win32.SafeHandles;

namespace Gateway.Cli.Setup;

/// <summary>
/// The file of <see cref="OperatorSettings"/>, held by one process at a time. It is replaced as a whole: whenever the process or the host
/// ends, the old text or the new one is there.
/// </summary>
internal sealed class OperatorFile : IDisposable
{
    private const int WouldBlockLinux = 11;

    /// <summary>Another verb holds the file while its gateway reads the configuration.</summary>
    private static readonly TimeSpan _patience = TimeSpan.FromMinutes(1);

    private static readonly TimeSpan _pause = TimeSpan.FromMilliseconds(50);

    private readonly SafeFileHandle _lock;
    private readonly string _model;

    private OperatorFile(string path, string model, SafeFileHandle held) => (Path, _model, _lock) = (path, model, held);

    /// <summary>Absolute; the file may not exist yet.</summary>
    public string Path { get; }

    /// <summary>
    /// Waits until no other process holds the file, and holds it. The folder is made if there is none; it and the file belong to the owner
    /// of the main file, and may be read by those who may read that.
    /// </summary>
    /// <exception cref="CommandLineException">Another process does not let go of it.</exception>
    public static async Task<OperatorFile> OpenAsync(string mainFile, TimeProvider time, CancellationToken cancellationToken)
    {
        var folder = ConfigurationFolder.Beside(mainFile);
        OwnersOnly.CreateFolderLike(folder, mainFile);
        var path = System.IO.Path.Combine(folder, OperatorSettings.FileName);
        var lockPath = Hidden(path, "lock");
        for (var began = time.GetTimestamp(); ;)
        {
            try
            {
                return new OperatorFile(path, mainFile, FileDoor.OpenExclusive(lockPath, FileOwner.Of(mainFile)));
            }
            catch (IOException held) when (IsHeld(held))
            {
                if (time.GetElapsedTime(began) > _patience) throw new CommandLineException(ExitCode.Failed,
                    $"Another process is changing {path}, and does not come to an end. Nothing was done.");
            }

            await Task.Delay(_pause, time, cancellationToken);
        }
    }

    /// <summary>The file's text; null if there is none.</summary>
    public string? Read() => File.Exists(Path) ? FileDoor.ReadText(Path) : null;

    /// <summary>Replaces the file; durable on return.</summary>
    /// <param name="text">Null removes it.</param>
    public void Write(string? text)
    {
        var folder = System.IO.Path.GetDirectoryName(Path)!;
        if (text is null)
        {
            FilePatience.OfSystem.Run(Path, () => File.Delete(Path));
            DirectoryBarrier.Flush(folder);
            return;
        }

        // What a killed process has left.
        var draft = Hidden(Path, "new");
        FilePatience.OfSystem.Run(draft, () => File.Delete(draft));
        using (var file = OwnersOnly.CreateLike(draft, File.Exists(Path) ? Path : _model))
        {
            file.Write(Encoding.UTF8.GetBytes(text));
            file.Flush(flushToDisk: true);
        }

        FilePatience.OfSystem.Run(Path, () => DirectoryBarrier.Rename(draft, Path));
        DirectoryBarrier.Flush(folder);
    }

    public void Dispose() => _lock.Dispose();

    /// <summary>The name of a file beside it, which is no part of the configuration.</summary>
    private static string Hidden(string path, string extension) =>
        System.IO.Path.Combine(System.IO.Path.GetDirectoryName(path)!, $".{OperatorSettings.FileName}.{extension}");

    private static bool IsHeld(IOException refused) => refused.HResult == WouldBlockLinux || FilePatience.IsHeld(refused);
}
