using System.Net.Sockets;
using Gateway.Links.Protocol;

namespace Gateway.Transport;

/// <summary>
/// Maps errors of the operating system to causes of a link. The runtime maps both errno and Winsock codes to <see cref="SocketError"/>.
/// </summary>
internal static class SocketCauses
{
    public static LinkCause OfConnect(SocketException e) => e.SocketErrorCode switch
    {
        SocketError.ConnectionRefused => LinkCause.Refused,
        SocketError.HostUnreachable or SocketError.NetworkUnreachable or SocketError.HostDown or SocketError.NetworkDown =>
            LinkCause.Unreachable,
        SocketError.TimedOut => LinkCause.ConnectTimeout,
        // Windows reports the address as in use when no local port is left.
        SocketError.AddressNotAvailable or SocketError.AddressAlreadyInUse
            or SocketError.NoBufferSpaceAvailable or SocketError.TooManyOpenSockets or SocketError.ProcessLimit => LinkCause.PortsExhausted,
        SocketError.AccessDenied => LinkCause.LocalPolicy,
        SocketError.HostNotFound or SocketError.TryAgain or SocketError.NoData or SocketError.NoRecovery => LinkCause.NameNotResolved,
        SocketError.ConnectionReset => LinkCause.ResetByPeer,
        SocketError.ConnectionAborted => LinkCause.AbortedHere,
        _ => LinkCause.Unreachable,
    };

    public static LinkCause OfLoss(SocketException e) => e.SocketErrorCode switch
    {
        SocketError.TimedOut => LinkCause.HalfOpen,
        SocketError.AccessDenied => LinkCause.LocalPolicy,
        SocketError.ConnectionAborted => LinkCause.AbortedHere,
        SocketError.HostUnreachable or SocketError.NetworkUnreachable or SocketError.HostDown or SocketError.NetworkDown =>
            LinkCause.Unreachable,
        _ => LinkCause.ResetByPeer,
    };

    /// <summary>Maps the exception that a stream threw when its connection broke.</summary>
    public static (LinkCause Cause, string Evidence) OfLoss(Exception error, string remote) => error.GetBaseException() is SocketException e
        ? (OfLoss(e), Evidence(e, remote))
        : (LinkCause.ResetByPeer, $"{remote}: {error.GetBaseException().Message}");

    public static string Evidence(SocketException e, string remote) => $"{remote}: {e.Message} ({e.SocketErrorCode}, {e.NativeErrorCode})";
}
