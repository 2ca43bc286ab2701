using Gateway.Links.Sending;
using Gateway.Transport;
using Gateway.Transport.Dialing;

namespace Gateway.Tests.Transport.Dialing;

/// <summary>Keeps how far a dialer has come.</summary>
/// <param name="connected">Called when the NetMQ socket is connected; null for nothing.</param>
internal sealed class DialProgress(Action? connected = null) : IDialed
{
    private volatile PeerAddress? _found;

    public PeerAddress? Found => _found;

    public void OnFound(PeerAddress address) => _found = address;

    public void OnConnected(WireBytes wire) => connected?.Invoke();
}
