using System.Net;
using Gateway.Transport;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Gateway.Http.Security;

/// <summary>
/// The open connections of the HTTP API. Without a token anyone may connect, so nobody may take all: over a limit the connection that has
/// been idle for longest makes room, and a new one is refused only while all are at work. Thread-safe.
/// </summary>
/// <param name="connectionsMax">At once.</param>
/// <param name="perAddressMax">Of these, from one address.</param>
internal sealed partial class HttpConnections(int connectionsMax, int perAddressMax, TimeProvider time, ILogger<HttpConnections> logger)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<IPAddress, List<HttpVisit>> _byAddress = [];
    private readonly ILogger _logger = logger;
    private int _count;

    /// <summary>A step of each connection, before TLS and HTTP.</summary>
    public async Task ServeAsync(ConnectionContext connection, ConnectionDelegate next)
    {
        var visit = new HttpVisit(connection, HostPort.Plain((connection.RemoteEndPoint as IPEndPoint)?.Address ?? IPAddress.None), time);
        var (isIn, idle) = Enter(visit);
        if (idle is not null)
        {
            LogMadeRoom(idle.Address);
            idle.Cut("it was idle, and another connection needs its place");
        }

        if (!isIn)
        {
            LogRefused(visit.Address);
            visit.Cut("there are too many connections");
            return;
        }

        connection.Features.Set(visit);
        try
        {
            await next(connection);
        }
        finally
        {
            Leave(visit);
        }
    }

    /// <summary>The outermost step of each request.</summary>
    public static async Task WatchAsync(HttpContext context, RequestDelegate next)
    {
        var visit = context.Features.Get<HttpVisit>();
        visit?.Begin();
        try
        {
            await next(context);
        }
        finally
        {
            visit?.End();
        }
    }

    private (bool IsIn, HttpVisit? Idle) Enter(HttpVisit visit)
    {
        lock (_lock)
        {
            var own = _byAddress.GetValueOrDefault(visit.Address) ?? [];
            HttpVisit? idle = null;
            if (own.Count >= perAddressMax || _count >= connectionsMax)
            {
                idle = LongestIdle(own.Count >= perAddressMax ? own : _byAddress.Values.MaxBy(visits => visits.Count)!);
                if (idle is null) return (false, null);
                Remove(idle);
            }

            // Removing the only one of an address has removed its list.
            if (!_byAddress.TryGetValue(visit.Address, out var visits)) _byAddress[visit.Address] = visits = [];
            visits.Add(visit);
            _count++;
            return (true, idle);
        }
    }

    private void Leave(HttpVisit visit)
    {
        lock (_lock) Remove(visit);
    }

    /// <summary>One that has made room is not there any more.</summary>
    private void Remove(HttpVisit visit)
    {
        if (!_byAddress.TryGetValue(visit.Address, out var visits) || !visits.Remove(visit)) return;
        _count--;
        if (visits.Count == 0) _byAddress.Remove(visit.Address);
    }

    private static HttpVisit? LongestIdle(List<HttpVisit> visits) =>
        visits.Select(visit => (Visit: visit, Since: visit.IdleSince)).Where(visit => visit.Since is not null)
            .MinBy(visit => visit.Since).Visit;

    [LoggerMessage(EventId = 6004, Level = LogLevel.Debug, Message = "Closed an idle HTTP connection from {Address} to make room.")]
    private partial void LogMadeRoom(IPAddress address);

    [LoggerMessage(EventId = 6005, Level =
        LogLevel.Warning, Message = "Refused an HTTP connection from {Address}: all that are allowed are "
        + "at work (Gateway:Http:ConnectionsMax, ConnectionsPerAddressMax).")]
    private partial void LogRefused(IPAddress address);
}
