using System.Net;

namespace Gateway.Transport.Plain;

/// <summary>
/// Counts the connections of one door, in total and by <see cref="CountedAddress"/>. Any thread; the lock is held for a few instructions.
/// </summary>
/// <param name="connectionsMax">At once.</param>
/// <param name="perAddressMax">Of these, from one address.</param>
internal sealed class PlaceCount(int connectionsMax, int perAddressMax)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<IPAddress, int> _byAddress = [];
    private int _all;

    /// <summary>False if there is no place; otherwise <see cref="Leave"/> must follow.</summary>
    public bool TryEnter(IPAddress address)
    {
        lock (_lock)
        {
            var own = _byAddress.GetValueOrDefault(address);
            if (_all >= connectionsMax || own >= perAddressMax) return false;
            _all++;
            _byAddress[address] = own + 1;
            return true;
        }
    }

    public void Leave(IPAddress address)
    {
        lock (_lock)
        {
            _all--;
            if (_byAddress[address] == 1) _byAddress.Remove(address);
            else _byAddress[address]--;
        }
    }
}
