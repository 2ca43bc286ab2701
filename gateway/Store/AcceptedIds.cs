using Gateway.Client;

namespace Gateway.Store;

/// <summary>
/// The message ids that were accepted, so that a repeated Enqueue is recognised. Bounded in number and in time: the oldest are forgotten. Owned by the
/// store's thread.
/// </summary>
internal sealed class AcceptedIds(int countMax, TimeSpan age)
{
    private readonly Dictionary<MessageId, ulong> _fingerprints = [];
    private readonly Queue<IdAccepted> _inOrder = [];

    /// <summary>How many are remembered.</summary>
    public int Count => _inOrder.Count;

    /// <summary>How many were ever added; the remembered ones are the last of them.</summary>
    public long Added { get; private set; }

    /// <summary>True when the id is remembered; then with the fingerprint that it was accepted with.</summary>
    public bool TryGet(MessageId id, out ulong fingerprint) => _fingerprints.TryGetValue(id, out fingerprint);

    public void Add(IdAccepted accepted)
    {
        if (!_fingerprints.TryAdd(new MessageId(accepted.Id), accepted.Fingerprint)) return;
        _inOrder.Enqueue(accepted);
        Added++;
        while (_inOrder.Count > countMax || (_inOrder.TryPeek(out var oldest) && oldest.AtUnixMs <= accepted.AtUnixMs - (long)age.TotalMilliseconds)) Forget();
    }

    /// <summary>The <paramref name="count"/> last ones added that are still remembered, in order.</summary>
    public IEnumerable<IdAccepted> Last(long count) => _inOrder.Skip((int)Math.Max(0, _inOrder.Count - count));

    private void Forget() => _fingerprints.Remove(new MessageId(_inOrder.Dequeue().Id));
}
