using System.Net.Sockets;

namespace Gateway.Transport.Plain;

/// <summary>The connections that wait at a listener until they are accepted.</summary>
internal static class Backlog
{
    public const int ConnectionsMax = 512;

    /// <summary>Takes all of them. One that is gone in that moment is left out, and those behind it are still taken.</summary>
    /// <param name="accept">Takes one, of a listener that does not block.</param>
    public static void Take(Func<Socket> accept, Action<Socket> admit)
    {
        for (var taken = 0; taken < ConnectionsMax; taken++)
        {
            try
            {
                admit(accept());
            }
            catch (SocketException e) when (e.SocketErrorCode is SocketError.WouldBlock or SocketError.TooManyOpenSockets)
            {
                // That was the last of them, or the process has no free handle for another.
                return;
            }
            catch (SocketException)
            {
                // Its program is gone.
            }
        }
    }
}
