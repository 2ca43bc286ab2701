using System.Net.Sockets;

namespace Gateway.Transport.Dialing;

/// <summary>
/// Connects the HTTP clients of this program by <see cref="AddressRace"/>. The default way tries one address after the other, each for as
/// long as the system waits.
/// </summary>
internal sealed class RacedConnect(AddressRace race)
{
    private static readonly HashSet<System.Net.IPAddress> _none = [];

    /// <exception cref="SocketException">No address accepted the connection; the message names each.</exception>
    public async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken cancellationToken)
    {
        var end = context.DnsEndPoint;
        try
        {
            var addresses = await race.ResolveAsync(end.Host, cancellationToken);
            if (addresses.Length == 0) throw new SocketException((int)SocketError.HostNotFound, $"there is no address for {end.Host}");
            var result = await race.ConnectAsync(addresses, end.Port, _none, cancellationToken);
            if (result.Winner is { } socket)
            {
                socket.NoDelay = true;
                return new NetworkStream(socket, ownsSocket: true);
            }

            var error = result.Failures.Select(failure => failure.Error).FirstOrDefault(error => error is not null) ?? SocketError.TimedOut;
            var (_, evidence) = await LocalPorts.AddToAsync(RaceEvidence.Of(end.Host, end.Port, result.Failures, result.HasMore));
            throw new SocketException((int)error, evidence);
        }
        catch (TimeoutException e)
        {
            throw new SocketException((int)SocketError.HostNotFound, e.Message);
        }
    }
}
