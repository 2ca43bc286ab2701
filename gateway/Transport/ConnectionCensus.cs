using System.Net;

namespace Gateway.Transport;

/// <summary>
/// Counts the open connections of one door, in total and by <see cref="CountedAddress"/>. Anyone may connect, so nobody may take all
/// places: over a limit, a connection that has not identified itself makes room for a new one, whatever it does, and after those an idle
/// one. A new one is refused only while all are at work. Any thread; the lock is held for a few instructions.
/// </summary>
/// <param name="connectionsMax">At once.</param>
/// <param name="perAddressMax">Of these, from one address.</param>
internal sealed class ConnectionCensus(int connectionsMax, int perAddressMax)
{
    private readonly Lock _lock = new();
    private readonly ConnectionOrder _all = new();
    private readonly Dictionary<IPAddress, ConnectionOrder> _byAddress = [];

    /// <summary>
    /// Counts a connection, which has not identified itself. Without a fault, the caller must call <see cref="Leave"/> later.
    /// </summary>
    /// <returns>The fault for which it is refused, and the connection that makes room for it and must be cut, if any.</returns>
    public (ConnectionFault Fault, ConnectionPlace? Leaving) Enter(ConnectionPlace place)
    {
        lock (_lock)
        {
            ConnectionPlace? leaving = null;
            if (_byAddress.TryGetValue(place.Address, out var own) && own.Count >= perAddressMax)
            {
                leaving = own.First;
                if (leaving is null) return (ConnectionFault.TooManyFromAddress, null);
            }
            else if (_all.Count >= connectionsMax)
            {
                leaving = _all.First;
                if (leaving is null) return (ConnectionFault.TooManyConnections, null);
            }

            if (leaving is not null)
            {
                Remove(leaving);
                leaving.HasMadeRoom = true;
            }

            Add(place, ConnectionStanding.Unknown);
            return (ConnectionFault.None, leaving);
        }
    }

    public void Move(ConnectionPlace place, ConnectionStanding standing)
    {
        lock (_lock)
        {
            if (place.OfAll.List is null) return;
            Remove(place);
            Add(place, standing);
        }
    }

    /// <summary>The connection has ended; one that has made room is not counted any more.</summary>
    public void Leave(ConnectionPlace place)
    {
        lock (_lock)
        {
            if (place.OfAll.List is not null) Remove(place);
        }
    }

    private void Add(ConnectionPlace place, ConnectionStanding standing)
    {
        if (!_byAddress.TryGetValue(place.Address, out var own)) _byAddress[place.Address] = own = new ConnectionOrder();
        own.Add(place.OfAddress, standing);
        _all.Add(place.OfAll, standing);
    }

    private void Remove(ConnectionPlace place)
    {
        var own = _byAddress[place.Address];
        own.Remove(place.OfAddress);
        if (own.Count == 0) _byAddress.Remove(place.Address);
        _all.Remove(place.OfAll);
    }
}
