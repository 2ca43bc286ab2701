namespace Gateway.Transport;

/// <summary>
/// Connections in the order in which they make room: by standing, and of one standing the one that has had it for longest. Every operation
/// takes the same time, however many there are. Owned by the census.
/// </summary>
internal sealed class ConnectionOrder
{
    private readonly LinkedList<ConnectionPlace>[] _byStanding =
        [.. Enum.GetValues<ConnectionStanding>().Select(_ => new LinkedList<ConnectionPlace>())];

    public int Count { get; private set; }

    /// <summary>The first to make room; null while all are at work.</summary>
    public ConnectionPlace? First
    {
        get
        {
            for (var standing = ConnectionStanding.Refused; standing < ConnectionStanding.AtWork; standing++)
            {
                if (_byStanding[(int)standing].First is { } first) return first.Value;
            }

            return null;
        }
    }

    public void Add(LinkedListNode<ConnectionPlace> node, ConnectionStanding standing)
    {
        _byStanding[(int)standing].AddLast(node);
        Count++;
    }

    public void Remove(LinkedListNode<ConnectionPlace> node)
    {
        node.List!.Remove(node);
        Count--;
    }
}
