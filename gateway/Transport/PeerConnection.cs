using System.Diagnostics.CodeAnalysis;
using System.Net.Sockets;
using Gateway.Client.Wire;
using Gateway.Links;
using NetMQ;
using NetMQ.Sockets;

namespace Gateway.Transport;

/// <summary>
/// The connections that an outgoing link makes, one after the other, each with a fresh socket. Owned by the loop; the dialer's task reports back through the loop's queue.
/// </summary>
/// <param name="dialer">To the peer.</param>
/// <param name="run">Runs an action as an event of the loop.</param>
internal sealed class PeerConnection(string address, Dialer dialer, LoopQueue queue, Action<Action> run, NetMQPoller poller, TimeProvider time) : ILinkConnection, IDisposable
{
    private const int DrainMax = 500;

    private static readonly TimeSpan _goodbyeLinger = TimeSpan.FromMilliseconds(500);

    private Attempt? _current;

    /// <summary>To whom it reports; set once, before the first dial.</summary>
    public OutgoingLink? Link { get; set; }

    /// <summary>The last attempt's task; done soon after <see cref="HangUp"/>.</summary>
    public Task Ended { get; private set; } = Task.CompletedTask;

    public void Dial()
    {
        HangUp();
        var attempt = new Attempt { Drill = new ConnectionDrill(time) };
        _current = attempt;
        Ended = RunAsync(attempt);
    }

    public void HangUp()
    {
        if (_current is not { } attempt) return;
        _current = null;
        attempt.Cancel.Cancel();
        Close(attempt);
    }

    /// <summary>As <see cref="HangUp"/>, but what was sent before still goes out, within half a second.</summary>
    public void HangUpAfterSending()
    {
        if (_current is not { Socket: { } socket } attempt)
        {
            HangUp();
            return;
        }

        _current = null;
        socket.Options.Linger = _goodbyeLinger;
        attempt.Cancel.CancelAfter(_goodbyeLinger);
        Close(attempt);
    }

    /// <summary>Drops the connection when the loop has ended: NetMQ does not let the process end before every socket is disposed of.</summary>
    public void Dispose()
    {
        if (_current is not { } attempt) return;
        _current = null;
        attempt.Cancel.Cancel();
        attempt.Socket?.Dispose();
    }

    public void Send(LinkFrame frame) => _current?.Socket?.SendFrame(LinkCodec.Encode(frame));

    /// <summary>Tells the link what has arrived since it was last told. Before it judges how long nothing did: what waits here to be taken has arrived.</summary>
    public void TellArrived()
    {
        if (_current is not { Wire: { } wire, Drill.Swallows: false } attempt) return;
        var arrived = wire.Arrived;
        if (arrived == attempt.Told) return;
        Link!.OnBytes(arrived - attempt.Told);
        attempt.Told = arrived;
    }

    public void Drill(DrillKind kind, TimeSpan duration) => _current?.Drill.Begin(kind, duration);

    private void Close(Attempt attempt)
    {
        if (attempt.Socket is not { } socket) return;
        attempt.Socket = null;
        poller.RemoveAndDispose(socket);
    }

    private async Task RunAsync(Attempt attempt)
    {
        // Not back to the loop by its context: it may have ended by then, and the end would never be seen.
        var (cause, evidence) = await Task.Run(() => dialer.RunAsync(
            attempt.Secret,
            attempt.Drill,
            address => queue.Post(() => OnFound(attempt, address)),
            (door, wire) => queue.Post(() => OnConnected(attempt, door, wire)),
            attempt.Cancel.Token)).ConfigureAwait(false);
        queue.Post(() => OnEnded(attempt, cause, evidence));
    }

    private void OnFound(Attempt attempt, PeerAddress address)
    {
        if (attempt == _current) Link!.OnFound(address);
    }

    private void OnConnected(Attempt attempt, InnerDoor door, WireBytes wire)
    {
        if (attempt != _current || !door.IsOpen) return;
        if (!TryOpenSocket(attempt, door, out var socket))
        {
            HangUp();
            Link!.OnLost(LinkCause.PortsExhausted, "no socket could be had for the connection: the process, or the system, has no handle left");
            return;
        }

        attempt.Socket = socket;
        attempt.Wire = wire;
        poller.Add(socket);
        Link!.OnConnected();
    }

    private bool TryOpenSocket(Attempt attempt, InnerDoor door, [NotNullWhen(true)] out DealerSocket? socket)
    {
        try
        {
            socket = new DealerSocket();
        }
        catch (Exception e) when (e is NetMQException or SocketException)
        {
            socket = null;
            return false;
        }

        socket.Options.Identity = attempt.Secret;
        socket.Options.Linger = TimeSpan.Zero;
        // The link's window bounds what is sent; and a socket is never used for a second connection.
        socket.Options.SendHighWatermark = 0;
        socket.Options.ReceiveHighWatermark = 0;
        socket.Options.MaxMsgSize = DialSettings.FrameBytesMax;
        socket.Options.ReconnectInterval = InnerDoor.Never;
        socket.ReceiveReady += (_, _) => run(() => Drain(attempt));
        socket.Connect(door.Address);
        return true;
    }

    private void OnEnded(Attempt attempt, LinkCause cause, string evidence)
    {
        // What arrived before the end, as a goodbye or a refusal, says more about it than the end itself.
        if (attempt is { Socket: not null }) Drain(attempt);
        if (attempt == _current) Link!.OnLost(cause, evidence);
        attempt.Cancel.Dispose();
    }

    private void Drain(Attempt attempt)
    {
        for (var i = 0; i < DrainMax && attempt == _current && attempt.Socket!.TryReceiveFrameBytes(out var bytes); i++)
        {
            if (LinkCodec.TryDecode(bytes, out var frame)) Link!.OnFrame(frame);
            else Link!.OnLost(LinkCause.WrongService, $"what answers at {address} sent a frame that is not of the protocol between gateways");
        }
    }

    private sealed class Attempt
    {
        public CancellationTokenSource Cancel { get; } = new();

        public required ConnectionDrill Drill { get; init; }

        /// <summary>By which the inner door knows the socket.</summary>
        public byte[] Secret { get; } = InnerDoor.NewSecret();

        public DealerSocket? Socket { get; set; }

        /// <summary>Once it is connected.</summary>
        public WireBytes? Wire { get; set; }

        /// <summary>Bytes of it that the link was told of.</summary>
        public long Told { get; set; }
    }
}
