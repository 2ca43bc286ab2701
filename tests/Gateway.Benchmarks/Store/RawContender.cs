using Microsoft.Win32.SafeHandles;

namespace Gateway.Benchmarks.Store;

/// <summary>The limit: the same bytes appended to a file, with a flush a group.</summary>
internal sealed class RawContender : IStoreContender
{
    private const int HeaderBytes = 60;
    private const int RemovalBytes = 16;

    private readonly StoreCase _case;
    private readonly SafeFileHandle _file;
    private readonly byte[] _group;
    private long _offset;

    public RawContender(DirectoryInfo folder, StoreCase of)
    {
        _case = of;
        _group = new byte[of.GroupMessages * (of.BodyBytes + HeaderBytes)];
        _file = File.OpenHandle(Path.Combine(folder.FullName, "raw"), FileMode.CreateNew, FileAccess.ReadWrite);
    }

    public string Name => "raw";

    public long? WrittenBytes => _offset;

    public bool HasLazyRemovals => false;

    public void Insert(int group) => Append(_group.Length);

    public long ReadAll()
    {
        for (long offset = 0; offset < _offset;) offset += RandomAccess.Read(_file, _group, offset);
        return _offset / (_case.BodyBytes + HeaderBytes);
    }

    public void Remove(int group) => Append(RemovalBytes * _case.Queues);

    public void InsertAndRemove(int inserted, int removed) => Append(_group.Length);

    public void Dispose() => _file.Dispose();

    private void Append(int bytes)
    {
        RandomAccess.Write(_file, _group.AsSpan(0, Math.Min(bytes, _group.Length)), _offset);
        _offset += bytes;
        RandomAccess.FlushToDisk(_file);
    }
}
