using System.Net;
using Gateway.Transport;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Gateway.Http.Security;

/// <summary>The open connections of the HTTP API, each with its place in the census. Thread-safe.</summary>
internal sealed partial class HttpConnections(ConnectionCensus census, TimeProvider time, ILogger<HttpConnections> logger)
{
    private readonly ILogger _logger = logger;

    /// <summary>A step of each connection, before TLS and HTTP.</summary>
    public async Task ServeAsync(ConnectionContext connection, ConnectionDelegate next)
    {
        var visit = new HttpVisit(connection, census, time);
        var (fault, leaving) = census.Enter(visit.Place);
        if (leaving is not null)
        {
            LogMadeRoom(leaving.Address, visit.Address);
            leaving.Connection.MakeRoom();
        }

        if (fault != ConnectionFault.None)
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
            census.Leave(visit.Place);
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

    [LoggerMessage(EventId = 6004, Level =
        LogLevel.Information, Message = "Closed an HTTP connection of {Address}, idle or without a known token, for another "
        + "one, of {New} (Gateway:Http:ConnectionsMax, ConnectionsPerAddressMax).")]
    private partial void LogMadeRoom(IPAddress address, IPAddress @new);

    [LoggerMessage(EventId = 6005, Level =
        LogLevel.Warning, Message = "Refused an HTTP connection from {Address}: all that are allowed are "
        + "at work (Gateway:Http:ConnectionsMax, ConnectionsPerAddressMax).")]
    private partial void LogRefused(IPAddress address);
}
