using System.Net;

namespace Gateway.Transport.Accepting;

/// <summary>
/// Counts the open connections of one endpoint, in total and by address, and refuses connections over a limit. Any thread; the lock is held
/// for a few instructions.
/// </summary>
internal sealed class ConnectionCensus(int connectionsMax, int perAddressMax)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<IPAddress, int> _byAddress = [];
    private int _count;

    /// <summary>Counts a connection; if there is no fault, the caller must call <see cref="Leave"/> later.</summary>
    public ConnectionFault Enter(IPAddress address)
    {
        lock (_lock)
        {
            var ofAddress = _byAddress.GetValueOrDefault(address);
            if (_count >= connectionsMax) return ConnectionFault.TooManyConnections;
            if (ofAddress >= perAddressMax) return ConnectionFault.TooManyFromAddress;
            _count++;
            _byAddress[address] = ofAddress + 1;
            return ConnectionFault.None;
        }
    }

    public void Leave(IPAddress address)
    {
        lock (_lock)
        {
            _count--;
            var left = _byAddress[address] - 1;
            if (left > 0) _byAddress[address] = left;
            else _byAddress.Remove(address);
        }
    }
}
