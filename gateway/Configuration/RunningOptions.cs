namespace Gateway.Configuration;

/// <summary>
/// The options with which the gateway runs: immutable, and replaced whole when another configuration is applied. Any thread reads them; a
/// single task replaces them.
/// </summary>
internal sealed class RunningOptions(GatewayOptions first)
{
    private volatile GatewayOptions _current = first;

    /// <summary>Other options are in force. Raised by the task that replaces them.</summary>
    public event Action? Replaced;

    public GatewayOptions Current => _current;

    public void Use(GatewayOptions next)
    {
        _current = next;
        Replaced?.Invoke();
    }
}
