using System.Net;
using Microsoft.AspNetCore.Connections;

namespace Gateway.Http.Security;

/// <summary>
/// One connection to the HTTP API, from its first byte on: whether a request is under way, and how many requests it has made that are
/// counted by connection. A connection carries one request at a time. Thread-safe.
/// </summary>
internal sealed class HttpVisit(ConnectionContext connection, IPAddress address, TimeProvider time)
{
    private static readonly TimeSpan _window = TimeSpan.FromSeconds(1);

    private readonly Lock _lock = new();
    private long _idleSince = time.GetTimestamp();
    private bool _isBusy;
    private long _windowBegan = time.GetTimestamp();
    private int _counted;

    public IPAddress Address => address;

    /// <summary>When its last request was answered, or it was accepted; null while one is under way.</summary>
    public long? IdleSince
    {
        get
        {
            lock (_lock) return _isBusy ? null : _idleSince;
        }
    }

    /// <summary>From the end of a request's headers to the end of its answer.</summary>
    public void Begin()
    {
        lock (_lock) _isBusy = true;
    }

    public void End()
    {
        lock (_lock) (_isBusy, _idleSince) = (false, time.GetTimestamp());
    }

    /// <summary>Counts a request; false if it is one too many within a second.</summary>
    public bool TryCount(int perSecondMax)
    {
        lock (_lock)
        {
            if (time.GetElapsedTime(_windowBegan) >= _window) (_windowBegan, _counted) = (time.GetTimestamp(), 0);
            return ++_counted <= perSecondMax;
        }
    }

    public void Cut(string why) => connection.Abort(new ConnectionAbortedException(why));
}
