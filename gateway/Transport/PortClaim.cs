using System.Net.Sockets;

namespace Gateway.Transport;

/// <summary>Reserves a port for its listener alone.</summary>
internal static class PortClaim
{
    /// <summary>
    /// Called before the socket is bound. On Windows any program could otherwise bind the same port and take connections meant for the
    /// gateway; Unix refuses a second binding by itself.
    /// </summary>
    public static void Take(Socket listener)
    {
        if (OperatingSystem.IsWindows()) listener.ExclusiveAddressUse = true;
    }
}
