namespace Gateway.Transport;

/// <summary>
/// The loopback ports under which one NetMQ socket knows its connections. A port whose listener is closed may be given out again by the system while its
/// connection lives; two connections of one name could not be told apart. Any thread.
/// </summary>
internal sealed class InnerPorts
{
    private readonly Lock _lock = new();
    private readonly HashSet<int> _taken = [];

    public bool TryTake(int port)
    {
        lock (_lock) return _taken.Add(port);
    }

    public void Release(int port)
    {
        lock (_lock) _taken.Remove(port);
    }
}
