using Gateway.Client.Session;
using Gateway.Client.Transport;
using Gateway.Client.Wire;
using Microsoft.Extensions.Logging;

namespace Gateway.Client.Testing.Memory;

/// <summary>
/// A gateway in memory with its clients, and the time in which all of them live. One lock protects everything; whoever holds it carries the
/// frames to and fro until nobody has anything to say, so that most calls are answered before they return. Thread-safe.
/// </summary>
internal sealed class MemoryWorld : IConnector, IDisposable
{
    /// <summary>How exact the time is; that of the loop over a socket, too.</summary>
    private static readonly TimeSpan _tick = TimeSpan.FromMilliseconds(25);

    /// <summary>When the time jumps, a step is no longer than this part of the way that lies behind it.</summary>
    private const double StepsPerJump = 64;

    /// <summary>And no longer than this part of the shortest lease: a client renews at the half of one.</summary>
    private const double StepsPerLease = 16;

    private readonly Lock _lock = new();
    private readonly Func<MemoryRun> _start;
    private readonly TimeProvider _time;
    private readonly long _origin;
    private readonly ITimer _timer;

    /// <summary>What reached a gateway that is frozen.</summary>
    private readonly Queue<Action<MemoryRun>> _held = new();
    private MemoryLoop[] _loops = [];
    private MemoryRun? _run;
    private bool _isFrozen;
    private bool _isDisposed;
    private TimeSpan _tickedAt;

    /// <param name="start">Begins a run of the gateway.</param>
    /// <param name="time">The clock.</param>
    public MemoryWorld(Func<MemoryRun> start, TimeProvider time)
    {
        _start = start;
        _time = time;
        _origin = time.GetTimestamp();
        _run = start();
        _timer = time.CreateTimer(_ => OnTimer(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        _timer.Change(_tick, Timeout.InfiniteTimeSpan);
    }

    /// <summary>The time since the world was made.</summary>
    public TimeSpan Now => _time.GetElapsedTime(_origin);

    /// <summary>Does something at the present time, and all that follows from it.</summary>
    public void Do(Action<TimeSpan> act) => Do(now =>
    {
        act(now);
        return true;
    });

    /// <inheritdoc cref="Do(Action{TimeSpan})"/>
    public T Do<T>(Func<TimeSpan, T> act)
    {
        T result;
        MemoryLoop[] loops;
        lock (_lock)
        {
            var now = CatchUp();
            result = act(now);
            Carry(now);
            loops = _loops;
        }

        foreach (var loop in loops)
            loop.Tell();
        return result;
    }

    /// <inheritdoc/>
    public IClientLoop Connect(GatewayClientOptions options, ClientSession session, IReadOnlyList<AdmissionGate> gates,
        IPeerNews peerNews, ILogger logger, TimeProvider time)
    {
        var loop = new MemoryLoop(this, session, gates, peerNews);
        Do(now =>
        {
            if (_isDisposed)
                throw new ObjectDisposedException(nameof(InMemoryGateway));
            _loops = [.. _loops, loop];
            loop.Tick(now);
        });
        return loop;
    }

    /// <summary>Ends the run as a kill does; nothing if there is none.</summary>
    public void Stop() => Do(_ =>
    {
        _run?.BreakAll();
        _run = null;
        _isFrozen = false;
        _held.Clear();
        // One that was opened while the gateway was frozen is known to its client alone.
        foreach (var loop in _loops)
            loop.Break();
    });

    /// <summary>Begins a run, unless there is one.</summary>
    public void Start() => Do(now =>
    {
        _run ??= _start();
        SetTime(now);
    });

    public void Freeze() => Do(_ => { _isFrozen = _run is not null; });

    public void Thaw() => Do(now =>
    {
        _isFrozen = false;
        SetTime(now);
        while (_run is not null && _held.Count > 0)
            _held.Dequeue()(_run);
        _run?.Tick();
    });

    /// <summary>Has the run do something; when it is thawed, if it is frozen, and never, if there is none. Under the lock.</summary>
    public void Act(Action<MemoryRun> act)
    {
        if (_run is null)
            return;
        if (_isFrozen)
            _held.Enqueue(act);
        else
            act(_run);
    }

    /// <summary>Opens a connection; null if the gateway does not run. Under the lock.</summary>
    public MemoryConnection? TryOpen(MemoryLoop loop)
    {
        if (_run is null)
            return null;
        var connection = new MemoryConnection(loop);
        Act(run => run.Open(connection));
        return connection;
    }

    /// <summary>Under the lock.</summary>
    public void Send(MemoryConnection connection, Request request) => Act(run => run.Receive(connection, request));

    /// <summary>The client has left a connection. Under the lock.</summary>
    public void Leave(MemoryConnection connection) => Act(run => run.Lose(connection));

    /// <summary>Closes all clients.</summary>
    public void Dispose()
    {
        Do(now =>
        {
            _isDisposed = true;
            foreach (var loop in _loops)
                loop.Close(now);
        });
        _timer.Dispose();
    }

    private void OnTimer()
    {
        Do(_ => { });
        _timer.Change(_tick, Timeout.InfiniteTimeSpan);
    }

    /// <summary>
    /// Lives through the time that has passed, in steps: a client renews its leases meanwhile, however far the test moves the clock.
    /// Messages are handed out at the end of the way, since no application runs on it.
    /// </summary>
    private TimeSpan CatchUp()
    {
        var now = Now;
        var from = _tickedAt;
        while (now - _tickedAt >= _tick)
        {
            var step = StepAfter(_tickedAt - from);
            _tickedAt = now - _tickedAt > step ? _tickedAt + step : now;
            SetTime(_tickedAt);
            if (_run is not null && !_isFrozen)
            {
                _run.HoldsBack = now - _tickedAt >= _tick;
                _run.Tick();
            }

            foreach (var loop in _loops)
                loop.Tick(_tickedAt);
            Carry(_tickedAt);
        }

        SetTime(now);
        return now;
    }

    private TimeSpan StepAfter(TimeSpan way)
    {
        var step = way / StepsPerJump;
        if (_run?.ShortestLease is { } lease && lease / StepsPerLease < step)
            step = lease / StepsPerLease;
        return step > _tick ? step : _tick;
    }

    /// <summary>The clocks may be apart from the present when the time is made up for.</summary>
    private void SetTime(TimeSpan now)
    {
        if (!_isFrozen)
            _run?.SetTime(now, (_time.GetUtcNow() - (Now - now)).ToUnixTimeMilliseconds());
    }

    private void Carry(TimeSpan now)
    {
        bool isMoving;
        do
        {
            isMoving = false;
            foreach (var loop in _loops)
            {
                while (loop.Step(now))
                    isMoving = true;
            }
        }
        while (isMoving);
        if (!Array.Exists(_loops, loop => loop.IsOver))
            return;
        foreach (var loop in _loops.Where(loop => loop.IsOver))
            loop.End();
        _loops = [.. _loops.Where(loop => !loop.IsOver)];
    }
}
