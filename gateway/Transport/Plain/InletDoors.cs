using System.Net.Sockets;
using Gateway.Links.Protocol;
using Gateway.Tcp;
using Gateway.Tcp.Inlets;
using Gateway.Transport.Accepting;
using Gateway.Transport.Tls;
using Microsoft.Extensions.Logging;

namespace Gateway.Transport.Plain;

/// <summary>Listens for the programs of inlets, over plain TCP or TLS. Owned by the loop.</summary>
/// <param name="memory">The limit of the bytes that all programs together have sent and that are not durable.</param>
internal sealed class InletDoors(ILoopInput queue, MemoryBudget memory, TimeProvider time, ILoggerFactory loggers) : IInletDoors
{
    /// <summary>Those with connections not known to have ended.</summary>
    private readonly List<InletDoor> _doors = [];

    /// <summary>The first address that could not be listened on; null if there was none.</summary>
    public ListenFailedException? FirstFault { get; private set; }

    /// <inheritdoc/>
    public InletOpening Open(InletSettings settings, IVisitors visitors, bool isHeld)
    {
        _doors.RemoveAll(door => door.IsOver);
        try
        {
            var door = new InletDoor(settings, CertificatesOf(settings), visitors, queue, memory, time, isHeld);
            _doors.Add(door);
            door.Begin();
            return new InletOpening(door, door.Address);
        }
        catch (SocketException e)
        {
            FirstFault ??= new ListenFailedException(settings.Address, e, $" (Gateway:Tcp:Inlets:{settings.Name}:Address)");
            return new InletOpening(null, "", LinkCause.LocalPolicy, SocketCauses.Evidence(e, settings.Address));
        }
        catch (TlsFilesException e)
        {
            FirstFault ??= new ListenFailedException(settings.Address, e, $" (Gateway:Tcp:Inlets:{settings.Name}:Tls)");
            return new InletOpening(null, "", LinkCause.TlsFailed, e.Message);
        }
    }

    /// <summary>
    /// Completes once all connections that were hung up have ended; ends all others. Called when the loop opens no more.
    /// </summary>
    public async Task EndAsync()
    {
        foreach (var door in _doors) await door.EndAsync();
    }

    private CertificateWatch? CertificatesOf(InletSettings settings) => settings.Tls is not { } tls
        ? null
        : new CertificateWatch(
            new TlsFiles(tls.CertificatePath, tls.KeyPath, tls.KeyPassword, CaPath: ""), ownName: "", time,
            loggers.CreateLogger<CertificateWatch>());
}
