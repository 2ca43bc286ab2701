using Gateway.Cli.Shell;
using Gateway.Store.Blocks;
using Gateway.Store.Disk.Files;
using Gateway.Store.Records;
using Microsoft.Extensions.Logging.Abstractions;

namespace Gateway.Cli.Offline;

/// <summary>A folder of LiteDB's files as an end of a move. As a target it has another name until it is whole.</summary>
internal sealed class MoveFolder : IMoveEnd
{
    private const string Unfinished = ".unfinished";

    private readonly StoreLock _lock;
    private readonly LiteBlockStore _blocks;
    private readonly string _path;

    private MoveFolder(string place, string path)
    {
        (Place, _path, _lock) = (place, path, StoreLock.Take(path));
        try
        {
            _blocks = new LiteBlockStore(new FileDisk(path), NullLoggerFactory.Instance);
        }
        catch
        {
            _lock.Dispose();
            throw;
        }
    }

    public string Place { get; }

    public IBlockStore Blocks => _blocks;

    public static MoveFolder From(string path)
    {
        if (!OfflineStore.IsStore(path)) throw new CommandLineException(ExitCode.Failed, $"There is no store in {path}.");
        return new MoveFolder(path, path);
    }

    public static MoveFolder To(string path)
    {
        if (Directory.Exists(path) && Directory.EnumerateFileSystemEntries(path).Any())
            throw new CommandLineException(ExitCode.Failed, $"{path} is not empty. Give another folder with --to, or move it away.");
        OwnersOnly.CreateFolder(path + Unfinished);
        return new MoveFolder(path, path + Unfinished);
    }

    public void Leave(string sentence) => StoreMoved.Note(_path, sentence);

    public void Finish()
    {
        Dispose();
        FilePatience.OfSystem.Run(Place, () =>
        {
            if (Directory.Exists(Place)) Directory.Delete(Place);
            Directory.Move(_path, Place);
        });
        DirectoryBarrier.FlushParent(Place);
    }

    public void Dispose()
    {
        _blocks.Dispose();
        _lock.Dispose();
    }
}
