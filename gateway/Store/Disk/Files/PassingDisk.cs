namespace Gateway.Store.Disk.Files;

/// <summary>A directory that forwards all calls to another one; subclasses override what they change.</summary>
internal abstract class PassingDisk(IDisk disk) : IDisk
{
    public string Path => disk.Path;

    public virtual long FreeBytes => disk.FreeBytes;

    public long FileBytesMax => disk.FileBytesMax;

    public IReadOnlyList<string> List() => disk.List();

    public bool Exists(string name) => disk.Exists(name);

    public long SizeBytes(string name) => disk.SizeBytes(name);

    public int Look(string name, long offset, Span<byte> buffer) => disk.Look(name, offset, buffer);

    public virtual IDiskFile Open(string name) => disk.Open(name);

    public virtual IDiskFile Create(string name) => disk.Create(name);

    public virtual void Delete(string name) => disk.Delete(name);

    public void Rename(string from, string to) => disk.Rename(from, to);

    public void SetAside(string name, ReadOnlySpan<byte> bytes) => disk.SetAside(name, bytes);
}
