using System.Net.Sockets;

namespace Gateway.Transport;

/// <summary>Makes a port its listener's alone.</summary>
internal static class PortClaim
{
    /// <summary>
    /// Before it is bound. On Windows any program may otherwise bind the same port beside it, and take connections that are meant for the
    /// gateway; on Unix a second binding is refused by itself.
    /// </summary>
    public static void Take(Socket listener)
    {
        if (OperatingSystem.IsWindows()) listener.ExclusiveAddressUse = true;
    }
}
