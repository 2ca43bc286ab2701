namespace Gateway.Store.Postgres;

/// <summary>
/// Groups that were fetched along with another one and not asked for yet. The oldest make room for later ones. Owned by the store's thread.
/// </summary>
internal sealed class ReadAhead
{
    /// <summary>The groups fetched in one query, the one asked for included.</summary>
    public const int GroupsMax = 16;

    /// <summary>A query fetches no further group once it has so many bytes.</summary>
    public const long QueryBytesMax = 2 * 1024 * 1024;

    private const long BytesMax = 8 * 1024 * 1024;
    private const int OrderMax = 1024;

    private readonly Dictionary<long, byte[]> _groups = [];
    private readonly Queue<long> _order = [];
    private long _bytes;

    public void Add(long group, byte[] bytes)
    {
        if (!_groups.TryAdd(group, bytes)) return;
        _order.Enqueue(group);
        _bytes += bytes.Length;
        while ((_bytes > BytesMax || _order.Count > OrderMax) && _order.TryDequeue(out var oldest)) Take(oldest);
    }

    /// <summary>Returns a group and forgets it; null if it is not here.</summary>
    public byte[]? Take(long group)
    {
        if (!_groups.Remove(group, out var bytes)) return null;
        _bytes -= bytes.Length;
        return bytes;
    }

    public void Clear()
    {
        _groups.Clear();
        _order.Clear();
        _bytes = 0;
    }
}
