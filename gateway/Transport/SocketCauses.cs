using System.Net.Sockets;
using Gateway.Links;

namespace Gateway.Transport;

/// <summary>
/// What an error of the operating system means for a link. The runtime maps both errno and Winsock codes to <see cref="SocketError"/>.
/// </summary>
internal static class SocketCauses
{
    public static LinkCause OfConnect(SocketException e) => e.SocketErrorCode switch
    {
        SocketError.ConnectionRefused => LinkCause.Refused,
        SocketError.HostUnreachable or SocketError.NetworkUnreachable or SocketError.HostDown or SocketError.NetworkDown =>
            LinkCause.Unreachable,
        SocketError.TimedOut => LinkCause.ConnectTimeout,
        // Windows says that the address is in use when no port is left to connect from.
        SocketError.AddressNotAvailable or SocketError.AddressAlreadyInUse
            or SocketError.NoBufferSpaceAvailable or SocketError.TooManyOpenSockets or SocketError.ProcessLimit => LinkCause.PortsExhausted,
        SocketError.AccessDenied => LinkCause.LocalPolicy,
        SocketError.HostNotFound or SocketError.TryAgain or SocketError.NoData or SocketError.NoRecovery => LinkCause.NameNotResolved,
        SocketError.ConnectionReset or SocketError.ConnectionAborted => LinkCause.ResetByPeer,
        _ => LinkCause.Unreachable,
    };

    public static LinkCause OfLoss(SocketException e) => e.SocketErrorCode switch
    {
        SocketError.TimedOut => LinkCause.HalfOpen,
        SocketError.AccessDenied => LinkCause.LocalPolicy,
        SocketError.HostUnreachable or SocketError.NetworkUnreachable or SocketError.HostDown or SocketError.NetworkDown =>
            LinkCause.Unreachable,
        _ => LinkCause.ResetByPeer,
    };

    /// <summary>Of whatever a stream threw when its connection broke.</summary>
    public static (LinkCause Cause, string Evidence) OfLoss(Exception error, string remote) => error.GetBaseException() is SocketException e
        ? (OfLoss(e), Evidence(e, remote))
        : (LinkCause.ResetByPeer, $"{remote}: {error.GetBaseException().Message}");

    public static string Evidence(SocketException e, string remote) => $"{remote}: {e.Message} ({e.SocketErrorCode}, {e.NativeErrorCode})";
}
