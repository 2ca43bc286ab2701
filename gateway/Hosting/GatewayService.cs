using Gateway.Composition;
using Gateway.Configuration;
using Gateway.Management;
using Gateway.Store;
using Gateway.Store.Disk.Log;
using Gateway.Telemetry;
using Gateway.Transport.Accepting;
using Gateway.Transport.Tls;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Gateway.Hosting;

/// <summary>The running gateway as a hosted service: starts the store, then the loop; stops and drains the loop, then the store.</summary>
internal sealed partial class GatewayService(GatewayOptions options, StopPatience patience, TimeProvider time, Random random,
    ITelemetry telemetry, IHostApplicationLifetime lifetime, ILoggerFactory loggers)
    : IHostedService, IRunningGateway, IStoreOwner, IDisposable
{
    private readonly ILogger _logger = loggers.CreateLogger<GatewayService>();
    private readonly IStoreOpening _opening = options.Store.IsPostgres()
        ? new PostgresOpening(options, telemetry, time, loggers) : new StoreOpening(options.Store, telemetry, time, loggers);
    private StoreThread? _store;
    private GatewayLoop? _loop;
    private CertificateWatch? _certificates;
    private volatile StoreFailedException? _failure;
    private volatile IManagement? _management;
    private volatile IPairing? _pairing;
    private bool _isStoreLeft;
    private string? _loopLeft;
    private volatile bool _isStopping;
    private volatile bool _hasStopped;

    /// <summary>The store's failure while running, if any; the process then ends with an error.</summary>
    public StoreFailedException? Failure => _failure;

    /// <summary>The sentence that says why the process ends with an error; null if it does not.</summary>
    public string? Fault => _failure?.Message ?? _loopLeft;

    /// <summary>The turns of the store's thread so far: at least one a second, unless its disk does not answer. Any thread.</summary>
    public long StoreTurns => _store?.Turns ?? 0;

    /// <summary>The store waits for its engine, outside this process. Any thread.</summary>
    public bool IsStoreAway => _store?.Standing.Outage is not null;

    /// <summary>An orderly stop has begun.</summary>
    public bool IsStopping => _isStopping;

    /// <summary>The part of the process that stops now, in words: the services stop one after the other.</summary>
    public string StopsAt => !_isStopping ? "the HTTP API or the reload of the configuration"
        : _hasStopped ? "the telemetry or the log" : "the loop or the store";

    public string? Waiting => _store?.Waiting;

    public string? Standby => _store?.Standby;

    public IManagement? Management => _management;

    public IPairing? Pairing => _pairing;

    string? IRunningGateway.Failure => Failure?.Message;

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        // First, because its errors are mostly in the configuration.
        if (options.Links.Tls.IsOn)
            _certificates = new CertificateWatch(options.Links.Tls.ToFiles(), options.Name, time, loggers.CreateLogger<CertificateWatch>());
        var endpoints = GatewayWiring.EndpointsOf(options, _certificates, time);
        // The store's results go to the loop, which is created once the store's identity is known.
        _store = new StoreThread(_opening, this, loggers.CreateLogger<StoreThread>());
        Guid storeId;
        // Opening may wait for free disk space; a stop ends that wait.
        await using (cancellationToken.Register(_store.EndWaiting))
            storeId = await UnlessDiskHangsAsync(OpenStoreAsync(_store, endpoints), cancellationToken);

        var self = new GatewayIdentity(options.Name, storeId, _opening.Incarnation, time.GetUtcNow().ToUnixTimeMilliseconds(),
            _opening.Run);
        _loop = new GatewayLoop(
            self, GatewayWiring.SettingsOf(options), endpoints, _store, time, random, telemetry, loggers);
        try
        {
            await UnlessDiskHangsAsync(StartLoopAsync(_loop), cancellationToken);
        }
        catch (Exception e) when (e is ListenFailedException or StoreFailedException)
        {
            await EndAsync(_loop, _loop.EndAsync, patience.End);
            StopStore();
            throw;
        }

        _pairing = _loop.Pairing;
        _management = _loop.Management;
        LogStarted(self.Name, _loop.IntakeAddress, _loop.LinksAddress.Length > 0 ? _loop.LinksAddress : "(none)", _opening.Place,
            self.Incarnation);
    }

    /// <summary>Puts these options in force, as far as they can be applied; see <see cref="GatewayLoop.ApplyAsync"/>.</summary>
    /// <returns>False if the gateway stops, and nothing was applied.</returns>
    public Task<bool> ApplyAsync(GatewayOptions next)
    {
        Invariant.Require(_loop is not null, "a configuration is applied to a gateway that runs");
        return _loop.ApplyAsync(GatewayWiring.LiveOf(next));
    }

    /// <summary>Tells operators how the files of the configuration stand.</summary>
    public void Tell(ConfigurationStanding standing) => _loop?.Tell(standing);

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        _isStopping = true;
        LogStopping(options.Name);
        if (_loop is not null)
        {
            var drain = patience.Drain;
            if (Failure is not null) await EndAsync(_loop, _loop.EndAsync, patience.End);
            else await EndAsync(_loop, () => _loop.StopAsync(drain), drain + patience.End);
        }

        StopStore();
        if (!_isStoreLeft) LogStopped(options.Name);
        _hasStopped = true;
    }

    public void Dispose()
    {
        if (_loopLeft is null) _loop?.Dispose();
        ReleaseLock();
        _certificates?.Dispose();
        _opening.Dispose();
    }

    /// <summary>Opens the store. While another process holds it, this one turns away everyone who comes.</summary>
    private async Task<Guid> OpenStoreAsync(StoreThread store, Endpoints endpoints)
    {
        var opening = store.StartAsync();
        if (await Task.WhenAny(opening, store.StandsBy) == opening) return await opening;
        using var doors = await StandbyDoors.OpenAsync(options.Name, endpoints, time, loggers);
        try
        {
            return await opening;
        }
        finally
        {
            await doors.EndAsync();
        }
    }

    private static async Task<bool> StartLoopAsync(GatewayLoop loop)
    {
        await loop.StartAsync();
        return true;
    }

    /// <summary>Waits for the start. After a request to stop, it waits for the disk only as long as a stop does.</summary>
    /// <exception cref="StoreFailedException">The disk does not answer.</exception>
    private async Task<T> UnlessDiskHangsAsync<T>(Task<T> starting, CancellationToken stop)
    {
        using var over = new CancellationTokenSource(Timeout.InfiniteTimeSpan, time);
        await using (stop.Register(() => over.CancelAfter(patience.Close)))
        {
            try
            {
                return await starting.WaitAsync(over.Token);
            }
            catch (OperationCanceledException) when (!starting.IsCompleted)
            {
                throw LeaveStore();
            }
        }
    }

    /// <summary>
    /// Ends the loop, within the limit whatever it waits for: a thread, or a library whose own connections are dead. Afterwards the process
    /// ends without what has not ended, as if it had been killed; the store is closed as usual.
    /// </summary>
    private async Task EndAsync(GatewayLoop loop, Func<Task> end, TimeSpan limit)
    {
        // Not on this thread: the end blocks.
        var ending = Task.Run(end);
        await Task.WhenAny(ending, Task.Delay(limit, time));
        if (ending.IsFaulted) await ending;
        if (loop.Unended is not { Length: > 0 } unended) return;
        LogLoopLeft(options.Name, unended, limit.TotalSeconds);
        _loopLeft = $"Not everything in the gateway {options.Name} ended within {Figures.Span(limit)}: {unended} did not. The process ends "
            + "without it, as if it had been killed. Nothing promised is lost: what was accepted is in the store.";
    }

    private void StopStore()
    {
        if (_isStoreLeft || _store is null) return;
        if (_store.Stop(patience.Close)) ReleaseLock();
        else _failure ??= LeaveStore();
    }

    /// <summary>
    /// Abandons the store's thread, which the disk blocks. The process ends without it; the lock is released only with the process.
    /// </summary>
    private StoreFailedException LeaveStore()
    {
        _isStoreLeft = true;
        var left = _store!.Left;
        LogStoreLeft(_opening.Medium, patience.Close.TotalSeconds, left);
        return new StoreFailedException($"{_opening.Medium} does not answer: the store did not close within "
            + $"{Figures.Span(patience.Close)}. The process ends without it, as if it had been killed; "
            + (left == 0 ? "no command waited. "
                : left == 1 ? "the command that waited was not confirmed. " : $"the {left} commands that waited were not confirmed. ")
            + "Look at the disk; the next start recovers the store.");
    }

    private void ReleaseLock()
    {
        if (!_isStoreLeft) _opening.Release();
    }

    /// <inheritdoc/>
    void IStoreOwner.OnExecuted(IReadOnlyList<StoreCommand> commands)
    {
        Invariant.Require(_loop is not null, "only the loop gives commands to the store");
        _loop.OnExecuted(commands);
    }

    /// <inheritdoc/>
    void IStoreOwner.OnFailed(StoreFailedException failure)
    {
        _failure = failure;
        lifetime.StopApplication();
    }
}
