using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using Gateway.Transport.Zmtp;

namespace Gateway.Transport;

/// <summary>
/// A loopback port that is open for one connection of the gateway's own NetMQ socket, which proves itself by a secret in the Identity of its READY. NetMQ itself
/// never listens, so no other process can speak to it; one that comes to this port instead is turned away, having been told nothing.
/// </summary>
internal sealed class InnerDoor : IDisposable
{
    /// <summary>
    /// For the ReconnectInterval of a socket that is connected to an inner door. The -1 for which NetMQ documents "never" ends the process when a socket handle cannot be had:
    /// the delay of the next attempt is then drawn from a negative range, on a thread of NetMQ's own. The connection is disconnected long before this is over.
    /// </summary>
    public static readonly TimeSpan Never = TimeSpan.FromDays(1);

    private const int SecretBytes = 32;

    /// <summary>It has nothing but its handshake to say before it is told READY.</summary>
    private static readonly ZmtpLimits _limits = new(["ROUTER", "DEALER"], 0, 0, 0);

    private readonly Socket _listener = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
    private readonly ReadOnlyMemory<byte> _secret;
    private readonly InnerPorts _ports;
    private readonly Action _onImpostor;
    private volatile bool _isOpen = true;

    private InnerDoor(ReadOnlyMemory<byte> secret, InnerPorts ports, Action onImpostor)
    {
        _secret = secret;
        _ports = ports;
        _onImpostor = onImpostor;
        PortClaim.Take(_listener);
        _listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        _listener.Listen(1);
        Port = ((IPEndPoint)_listener.LocalEndPoint!).Port;
    }

    public int Port { get; }

    /// <summary>Where the socket connects to.</summary>
    public string Address => $"tcp://127.0.0.1:{Port}";

    /// <summary>False when nobody waits any more: the port may be another process's by now, which must not be told the secret.</summary>
    public bool IsOpen => _isOpen;

    /// <param name="secret">What the socket was given as its identity.</param>
    /// <param name="ports">Of that socket; whoever disconnects the socket gives the port back with <see cref="ReleasePort"/>.</param>
    /// <param name="onImpostor">Called for each connection that does not know the secret.</param>
    public static InnerDoor Open(ReadOnlyMemory<byte> secret, InnerPorts ports, Action onImpostor)
    {
        while (true)
        {
            var door = new InnerDoor(secret, ports, onImpostor);
            if (ports.TryTake(door.Port)) return door;
            door.Dispose();
        }
    }

    /// <summary>An identity that no other process can guess.</summary>
    public static byte[] NewSecret()
    {
        var secret = RandomNumberGenerator.GetBytes(SecretBytes);
        // An identity that begins with zero is reserved.
        secret[0] |= 1;
        return secret;
    }

    /// <summary>Waits for the gateway's own socket, turning away all others, and closes the port. It has not been told READY yet.</summary>
    public async Task<StreamPipes> AcceptAsync(CancellationToken cancellationToken)
    {
        try
        {
            while (true)
            {
                var pipes = new StreamPipes(await _listener.AcceptAsync(cancellationToken));
                if (await IsOwnAsync(pipes, cancellationToken)) return pipes;
                pipes.Dispose();
                _onImpostor();
            }
        }
        finally
        {
            Dispose();
        }
    }

    public void ReleasePort() => _ports.Release(Port);

    public void Dispose()
    {
        _isOpen = false;
        _listener.Dispose();
    }

    private async Task<bool> IsOwnAsync(StreamPipes pipes, CancellationToken cancellationToken)
    {
        var checker = new ZmtpChecker(_limits);
        try
        {
            return await ZmtpHandshake.RunAsync(pipes, checker, ready: null, cancellationToken) == ConnectionFault.None
                && CryptographicOperations.FixedTimeEquals(checker.Ready!.Identity, _secret.Span);
        }
        catch (IOException)
        {
            return false;
        }
        catch (OperationCanceledException)
        {
            pipes.Dispose();
            throw;
        }
    }
}
