using Gateway.Dashboard.Access;
using Gateway.Management;
using Microsoft.Extensions.Logging;

namespace Gateway.Dashboard.Live;

/// <summary>
/// The state of the gateway as shown by one open page, read about once a second while the page is open, by one loop with one timer.
/// Snapshots are replaced whole. <see cref="Changed"/> notifies pages, which return to their own circuit before they draw.
/// </summary>
internal sealed partial class LiveState(GuardedManagement management, SampleHistory history, DashboardSettings settings, TimeProvider time,
    ILogger<LiveState> logger) : IAsyncDisposable
{
    public const int EventsMax = 30;

    private readonly CancellationTokenSource _stop = new();
    private Task _reading = Task.CompletedTask;
    private Task _watching = Task.CompletedTask;
    private bool _isStarted;

    /// <summary>Raised on the loop's thread, which waits for each handler: a page that draws slowly is refreshed less often.</summary>
    public event Func<Task>? Changed;

    /// <summary>Null until first read.</summary>
    public GatewayState? State { get; private set; }

    public IReadOnlyList<OperationStatus> Operations { get; private set; } = [];

    /// <summary>The events since the page was opened, the latest first.</summary>
    public IReadOnlyList<GatewayEvent> Events { get; private set; } = [];

    public IReadOnlyList<Sample> Samples => history.Samples;

    /// <summary>Why reading has stopped; empty while all is well.</summary>
    public string Fault { get; private set; } = "";

    /// <summary>The token was withdrawn or has expired.</summary>
    public bool IsSignedOut { get; private set; }

    public DateTimeOffset Now => time.GetUtcNow();

    /// <summary>Reads the state once, for a page drawn before its circuit exists.</summary>
    public async Task ReadAsync(CancellationToken cancellationToken)
    {
        try
        {
            State = await management.ReadStateAsync(cancellationToken);
            Operations = await management.ReadOperationsAsync(cancellationToken);
            history.Add(State);
        }
        catch (NotAllowedException e)
        {
            (IsSignedOut, Fault) = (true, e.Message);
        }
    }

    /// <summary>Starts reading, once; called by a circuit when its page is shown.</summary>
    public void Start()
    {
        if (_isStarted) return;
        _isStarted = true;
        _reading = RunAsync(ReadOnAsync);
        _watching = RunAsync(WatchAsync);
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await Task.WhenAll(_reading, _watching).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _stop.Dispose();
    }

    private async Task ReadOnAsync()
    {
        using var timer = new PeriodicTimer(settings.RefreshInterval, time);
        do
        {
            await ReadAsync(_stop.Token);
            await TellAsync();
        }
        while (!IsSignedOut && await timer.WaitForNextTickAsync(_stop.Token));
    }

    private async Task WatchAsync()
    {
        await foreach (var happened in await management.WatchAsync(_stop.Token))
        {
            if (happened.Kind != GatewayEvent.BeginningKind) Events = [happened, .. Events.Take(EventsMax - 1)];
        }
    }

    private async Task TellAsync()
    {
        foreach (var told in Changed?.GetInvocationList() ?? []) await ((Func<Task>)told)();
    }

    /// <summary>The root of both loops: a failure is reported on the page and through the task.</summary>
    private async Task RunAsync(Func<Task> loop)
    {
        await Task.Yield();
        try
        {
            await loop();
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            // The page was closed.
        }
        catch (NotAllowedException e)
        {
            (IsSignedOut, Fault) = (true, e.Message);
            await TellAsync();
        }
        catch (Exception e)
        {
            LogEnded(e);
            Fault = e is OperationCanceledException ? "The gateway stops." : e.Message;
            await TellAsync();
            throw;
        }
    }
}
