using System.Data.Common;
using System.Net.Sockets;

namespace Gateway.Client.Outbox;

/// <summary>Tells faults of the database, after which a connection is made anew, from all others.</summary>
internal static class DatabaseFault
{
    /// <summary>
    /// Providers throw the exceptions of a socket as they come, and the last one for a connection that is broken or closed.
    /// </summary>
    public static bool Is(Exception fault) =>
        fault is DbException or TimeoutException or IOException or SocketException or InvalidOperationException;
}
