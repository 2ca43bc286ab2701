namespace Gateway.Configuration;

/// <summary>
/// The options with which the gateway runs: immutable, and replaced whole when another configuration is applied. Any thread reads them; a
/// single task replaces them.
/// </summary>
internal sealed class RunningOptions(GatewayOptions first)
{
    private volatile GatewayOptions _current = first;

    public GatewayOptions Current => _current;

    public void Use(GatewayOptions next) => _current = next;
}
