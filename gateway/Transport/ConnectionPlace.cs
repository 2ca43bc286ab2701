using System.Net;

namespace Gateway.Transport;

/// <summary>A connection that can be cut when another needs its place.</summary>
internal interface ICountedConnection
{
    /// <summary>Cuts the connection, which has lost its place. Called once, by any thread; must not block.</summary>
    void MakeRoom();
}

/// <summary>The place of one connection in a <see cref="ConnectionCensus"/>, which owns its state. Any thread.</summary>
internal sealed class ConnectionPlace
{
    private readonly ConnectionCensus _census;

    /// <param name="remote">The address of the other side; null if unknown.</param>
    public ConnectionPlace(ConnectionCensus census, IPAddress? remote, ICountedConnection connection)
    {
        _census = census;
        Address = CountedAddress.Of(remote);
        Connection = connection;
        (OfAll, OfAddress) = (new LinkedListNode<ConnectionPlace>(this), new LinkedListNode<ConnectionPlace>(this));
    }

    public IPAddress Address { get; }

    public ICountedConnection Connection { get; }

    /// <summary>Its node in the order of all connections; the next property is that in the order of its address.</summary>
    public LinkedListNode<ConnectionPlace> OfAll { get; }

    public LinkedListNode<ConnectionPlace> OfAddress { get; }

    /// <summary>The census has given its place to another connection.</summary>
    public bool HasMadeRoom { get; set; }

    /// <summary>Sets its standing; without effect once it has no place.</summary>
    public void Stand(ConnectionStanding standing) => _census.Move(this, standing);
}
