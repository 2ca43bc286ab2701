namespace Gateway.Logging;

/// <summary>
/// A file that others may read, and that makes room for a new one when it is full: <c>gateway.log</c> becomes <c>gateway.log.1</c>, that
/// <c>gateway.log.2</c>, and so on, and the oldest is deleted. What is written at once stays in one file. If the user takes the file
/// away, a new one is begun.
/// </summary>
/// <param name="sizeBytesMax">The size at which a new file is begun; only a single larger piece exceeds it.</param>
/// <param name="filesMax">The files kept, with the one that is written.</param>
internal sealed class RollingFile(string path, long sizeBytesMax, int filesMax) : ILogSink, IDisposable
{
    private readonly Lock _lock = new();
    private readonly string _path = Path.GetFullPath(path);
    private FileStream? _file;
    private bool _isOver;

    /// <summary>Opens the file to append to it, or creates it, and its folder, for their owner alone.</summary>
    /// <exception cref="IOException">The system's reason.</exception>
    /// <exception cref="UnauthorizedAccessException">This user may not write it, or it is a folder.</exception>
    public void Open()
    {
        if (Path.GetDirectoryName(_path) is { } folder) OwnersOnly.CreateFolder(folder);
        _file = FileDoor.OpenToAppend(_path);
    }

    /// <summary>A file accepts bytes or fails at once.</summary>
    public bool WaitToWrite(TimeSpan limit) => true;

    public int Write(ReadOnlySpan<byte> bytes)
    {
        lock (_lock)
        {
            if (_isOver) throw new OutputLostException("the log has ended");
            try
            {
                if (_file is not null && !File.Exists(_path)) Close();
                if (_file is null) Open();
                if (_file!.Length > 0 && _file.Length + bytes.Length > sizeBytesMax) Roll();
                Append(_file, bytes);
                return bytes.Length;
            }
            catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
            {
                throw new OutputLostException(refused.Message.TrimEnd('.'));
            }
        }
    }

    /// <summary>Waits for a write that is under way.</summary>
    public void Dispose()
    {
        // A disk that hangs must not hold up the end of the process; the system closes the file then.
        if (!_lock.TryEnter(TimeSpan.FromSeconds(1))) return;
        try
        {
            _isOver = true;
            Close();
        }
        finally
        {
            _lock.Exit();
        }
    }

    /// <summary>All bytes or none: a disk that fills up in the middle of a line leaves no half line.</summary>
    private static void Append(FileStream file, ReadOnlySpan<byte> bytes)
    {
        var before = file.Length;
        try
        {
            file.Write(bytes);
        }
        catch (IOException)
        {
            file.SetLength(before);
            file.Seek(0, SeekOrigin.End);
            throw;
        }
    }

    private void Roll()
    {
        Close();
        foreach (var number in Enumerable.Range(1, filesMax - 1).Reverse())
        {
            var younger = number == 1 ? _path : $"{_path}.{number - 1}";
            if (File.Exists(younger))
                FilePatience.OfSystem.Run(younger, () => File.Move(younger, $"{_path}.{number}", overwrite: true));
        }

        if (filesMax == 1) FilePatience.OfSystem.Run(_path, () => File.Delete(_path));
        Open();
    }

    private void Close()
    {
        _file?.Dispose();
        _file = null;
    }
}
