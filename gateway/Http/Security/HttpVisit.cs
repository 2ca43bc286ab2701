using System.Net;
using Gateway.Transport;
using Microsoft.AspNetCore.Connections;

namespace Gateway.Http.Security;

/// <summary>
/// One connection to the HTTP API, from its first byte on: whether it has shown a known token, whether a request is under way, and how many
/// requests it has made that are counted by connection. A connection carries one request at a time. Thread-safe.
/// </summary>
internal sealed class HttpVisit : ICountedConnection
{
    /// <summary>A connection with so many unknown tokens and no known one is closed.</summary>
    private const int RefusalsMax = 3;

    private static readonly TimeSpan _window = TimeSpan.FromSeconds(1);

    private readonly Lock _lock = new();
    private readonly ConnectionContext _connection;
    private readonly TimeProvider _time;
    private bool _isBusy;
    private bool _isKnown;
    private int _refusals;
    private long _windowBegan;
    private int _counted;

    public HttpVisit(ConnectionContext connection, ConnectionCensus census, TimeProvider time)
    {
        (_connection, _time, _windowBegan) = (connection, time, time.GetTimestamp());
        Address = HostPort.Plain((connection.RemoteEndPoint as IPEndPoint)?.Address ?? IPAddress.None);
        Place = new ConnectionPlace(census, Address, this);
    }

    public IPAddress Address { get; }

    public ConnectionPlace Place { get; }

    /// <summary>From the end of a request's headers to the end of its answer.</summary>
    public void Begin()
    {
        lock (_lock)
        {
            _isBusy = true;
            if (_isKnown) Place.Stand(ConnectionStanding.AtWork);
        }
    }

    public void End()
    {
        lock (_lock)
        {
            _isBusy = false;
            if (_isKnown) Place.Stand(ConnectionStanding.Idle);
        }
    }

    /// <summary>Its caller has shown a known token, or needs none.</summary>
    public void OnKnown()
    {
        lock (_lock)
        {
            if (_isKnown) return;
            _isKnown = true;
            Place.Stand(_isBusy ? ConnectionStanding.AtWork : ConnectionStanding.Idle);
        }
    }

    /// <summary>Its caller has shown an unknown token; returns true if it must be closed after the answer.</summary>
    public bool OnRefused()
    {
        lock (_lock)
        {
            if (_isKnown) return false;
            if (_refusals++ == 0) Place.Stand(ConnectionStanding.Refused);
            return _refusals >= RefusalsMax;
        }
    }

    /// <summary>Counts a request; false if it is one too many within a second.</summary>
    public bool TryCount(int perSecondMax)
    {
        lock (_lock)
        {
            if (_time.GetElapsedTime(_windowBegan) >= _window) (_windowBegan, _counted) = (_time.GetTimestamp(), 0);
            return ++_counted <= perSecondMax;
        }
    }

    public void Cut(string why) => _connection.Abort(new ConnectionAbortedException(why));

    public void MakeRoom() => Cut("another connection needs its place");
}
