using System.Net;
using System.Net.Sockets;
using Gateway.Links.Protocol;
using Gateway.Tcp;
using Gateway.Tcp.Outlets;
using Gateway.Transport.Dialing;

namespace Gateway.Transport.Plain;

/// <summary>
/// One connection of an outlet: connects, writes what it is given, cuts what comes into frames, and watches what the target's host
/// acknowledges. The loop calls it, and hears of it through its queue.
/// </summary>
internal sealed class TargetConnection(OutletSettings settings, ITarget target, ILoopInput queue, TimeProvider time) : ITargetConnection
{
    private static readonly TimeSpan _lookMax = TimeSpan.FromSeconds(1);

    /// <summary>The time in which the rest of what was written leaves after the end.</summary>
    private static readonly TimeSpan _lingerMax = TimeSpan.FromSeconds(5);

    private readonly CancellationTokenSource _cancel = new(Timeout.InfiniteTimeSpan, time);

    /// <summary>With Acknowledged, messages are completed by what the system tells, and by nothing else.</summary>
    private readonly WatchedOutput _output = new(time, mustBeTold: settings.Delivery == OutletDelivery.Acknowledged);
    private readonly ReadAllowance _allowance = new(settings.Format.FrameBytesMax);
    private readonly string _name = HostPort.Of(settings.Host, settings.Port);

    /// <summary>Where it is connected, or tried to; null before the name is resolved.</summary>
    private IPEndPoint? _remote;
    private IPEndPoint? _own;
    private TargetProgram? _program;
    private volatile Socket? _socket;
    private NetworkStream? _stream;

    /// <summary>Owned by the loop.</summary>
    private bool _isHungUp;
    private volatile bool _isReset;

    private Task _running = Task.CompletedTask;
    private Task _looking = Task.CompletedTask;

    /// <summary>A look is under way, and the loop has not got its answer yet.</summary>
    private bool _isLooking;

    /// <summary>Completes soon after the connection is lost or hung up.</summary>
    public Task Ended => Task.WhenAll(_running, _looking);

    public void Begin() => _running = Task.Run(RunAsync);

    public void Write(ReadOnlyMemory<byte> bytes) => _output.Write(bytes);

    public void Finish() => _output.Finish();

    public void Take(int bytes) => _allowance.Give(bytes);

    public void Examine()
    {
        // One look at a time: another question gets the answer to the first.
        if (_isLooking) return;
        _isLooking = true;
        _looking = Task.Run(() =>
        {
            var program = Look();
            var evidence = Evidence(program);
            Post(() =>
            {
                _isLooking = false;
                target.OnExamined(program, evidence);
            });
        });
    }

    public void HangUp(bool isReset)
    {
        _isHungUp = true;
        _isReset = isReset;
        if (isReset || _socket is null) _cancel.Cancel();
        else
        {
            _output.Close();
            _cancel.CancelAfter(_lingerMax);
        }
    }

    /// <summary>Ends the connection at once, whatever is still to be written.</summary>
    public void Abandon()
    {
        _isHungUp = true;
        _cancel.Cancel();
    }

    private async Task RunAsync()
    {
        TargetEnd end;
        try
        {
            end = await ServeAsync();
        }
        catch (OperationCanceledException)
        {
            end = new TargetEnd(LinkCause.None, "hung up", default, null);
        }
        finally
        {
            if (_isReset) Reset();
            if (_stream is not null) await _stream.DisposeAsync();
            _socket?.Dispose();
        }

        if (end.Cause != LinkCause.None) Post(() => target.OnLost(end));
    }

    private async Task<TargetEnd> ServeAsync()
    {
        if (await ConnectAsync() is { } failure) return failure;
        var socket = _socket!;
        _program = await LookAsync();
        Post(() => target.OnConnected(HostPort.Of(_remote), _program));

        using var over = CancellationTokenSource.CreateLinkedTokenSource(_cancel.Token);
        var reader = new TargetReader(_stream!, settings.Format, _allowance);
        Task<TargetBreak>[] parts =
        [
            _output.RunAsync(new SocketOutput(socket), over.Token),
            reader.RunAsync(frames => Post(() => target.OnFrames(frames)), () => Post(target.OnFinished), over.Token),
            _output.WatchAsync(over.Token),
        ];
        var first = await await Task.WhenAny(parts);
        // The end explains itself best by what the socket says last, and the system knows the final figure until it is closed.
        await over.CancelAsync();
        await Task.WhenAll(parts);
        _cancel.Token.ThrowIfCancellationRequested();
        _output.Read();
        if (first.Kind == TargetBreakKind.Closed) return new TargetEnd(LinkCause.None, "closed", Progress, null);
        var (cause, evidence) = Explain(first);
        return new TargetEnd(cause, evidence, Progress, await LookAsync());
    }

    private TargetProgress Progress => new(_output.Written, _output.Acknowledged);

    private (LinkCause Cause, string Evidence) Explain(TargetBreak broken) => broken switch
    {
        { Kind: TargetBreakKind.NotAFrame } => (LinkCause.WrongService, $"what {_name} sends is not framed as configured: {broken.Text}"),
        { Kind: TargetBreakKind.Untold } => Untold(),
        { Kind: TargetBreakKind.Silent } => (LinkCause.HalfOpen, $"{_name} acknowledges nothing any more: {broken.Text}"),
        { Error: { } error } => SocketCauses.OfLoss(error, HostPort.Of(_remote)),
        _ => (LinkCause.ResetByPeer, $"{HostPort.Of(_remote)} ended the connection"),
    };

    /// <summary>Null once connected.</summary>
    private async Task<TargetEnd?> ConnectAsync()
    {
        var race = AddressRace.Of(settings.ConnectTimeout, time);
        try
        {
            var addresses = await race.ResolveAsync(settings.Host, _cancel.Token);
            if (addresses.Length == 0) return Failed(LinkCause.NameNotResolved, $"there is no address for {settings.Host}");
            _remote = new IPEndPoint(HostPort.Plain(addresses[0]), settings.Port);
            var result = await race.ConnectAsync(addresses, settings.Port, new HashSet<IPAddress>(), _cancel.Token);
            if (result.Winner is not { } socket)
            {
                var (cause, evidence) = await LocalPorts.AddToAsync(
                    RaceEvidence.Of(settings.Host, settings.Port, result.Failures, result.HasMore));
                var listens = cause == LinkCause.ConnectTimeout ? await LookAsync() : null;
                return new TargetEnd(cause, listens is null ? evidence : $"{evidence}; {DescribeFull(listens)}", default, listens);
            }

            _socket = socket;
            // First of all: what the system refuses to tell or to set makes the runtime believe that the socket is not connected.
            _stream = new NetworkStream(socket, ownsSocket: false);
            _output.Begin(socket, Post, (written, acknowledged) => target.OnProgress(new TargetProgress(written, acknowledged)));
            _remote = HostPort.Plain((IPEndPoint)socket.RemoteEndPoint!);
            _own = HostPort.Plain((IPEndPoint)socket.LocalEndPoint!);
            socket.NoDelay = true;
            KeepAlive.Begin(socket);
            if (_output.IsTold || settings.Delivery != OutletDelivery.Acknowledged) return null;
            var (untold, why) = Untold();
            return Failed(untold, why);
        }
        catch (TimeoutException e)
        {
            return Failed(LinkCause.NameNotResolved, e.Message);
        }
        catch (SocketException e)
        {
            return Failed(SocketCauses.OfConnect(e), SocketCauses.Evidence(e, _name));
        }
        catch (IOException e)
        {
            var (cause, evidence) = SocketCauses.OfLoss(e, _name);
            return Failed(cause, evidence);
        }
    }

    private (LinkCause Cause, string Evidence) Untold() => (LinkCause.LocalPolicy,
        $"this host's system does not tell what {HostPort.Of(_remote)} has acknowledged, and the outlet's Delivery is Acknowledged");

    private static TargetEnd Failed(LinkCause cause, string evidence) => new(cause, evidence, default, null);

    private static string DescribeFull(TargetProgram program) => program.Unaccepted > 0
        ? $"{program} listens there and accepts nothing: {Figures.Counted(program.Unaccepted, "connection")} wait for it"
        : $"{program} listens there";

    private void Reset()
    {
        try
        {
            if (_socket is not null) _socket.LingerState = new LingerOption(true, 0);
        }
        catch (SocketException)
        {
            // It is lost already.
        }
    }

    private void Post(Action report) => queue.Post(() =>
    {
        if (!_isHungUp) report();
    });

    private async Task<TargetProgram?> LookAsync()
    {
        try
        {
            return await Task.Run(Look).WaitAsync(_lookMax, time);
        }
        catch (TimeoutException)
        {
            return null;
        }
    }

    private TargetProgram? Look() => _remote is { } remote ? ListeningPrograms.Find(remote, _program, time) : null;

    private string Evidence(TargetProgram? program)
    {
        var parts = new List<string>();
        if (_output.Figures is { Window: { } window })
            parts.Add(window == 0 ? "its window is closed" : $"it would take {Figures.Counted(window, "byte")}");
        if (_remote is { } remote && _own is { } own && ListeningPrograms.IsUnaccepted(remote, own))
            parts.Add("no program has accepted the connection");
        if (program is { Unaccepted: > 0 }) parts.Add($"{Figures.Counted(program.Unaccepted, "connection")} wait to be accepted");
        if (program is not null) parts.Add($"{program} listens there");
        return string.Join("; ", parts);
    }
}
