using System.Globalization;
using Gateway.Management;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Hosting.Systemd;

namespace Gateway.Hosting;

/// <summary>
/// Tells systemd how the gateway is (sd_notify(3)): a line of status, more time while the store opens or closes, and the sign of life that
/// the watchdog expects. That sign needs an answer of the loop and a recent turn of the store's thread: a process that has only its timers
/// left is restarted. Started first and stopped last, so that it covers the start and the stop of all other services.
/// </summary>
internal sealed class ServiceWatch(ISystemdNotifier systemd, GatewayService gateway, TimeProvider time) : BackgroundService
{
    /// <summary>The interval of the status; the watchdog may ask for a shorter one.</summary>
    private static readonly TimeSpan _interval = TimeSpan.FromSeconds(10);

    /// <summary>The store's thread turns once a second even at rest.</summary>
    private static readonly TimeSpan _turnsWithin = TimeSpan.FromSeconds(5);

    private const string Alive = "WATCHDOG=1";

    private readonly TimeSpan _watchdog = WatchdogOf(Environment.GetEnvironmentVariable("WATCHDOG_USEC"));
    private long _turns = -1;
    private long _turnedAt;

    /// <summary>The watchdog's limit (WATCHDOG_USEC, sd_watchdog_enabled(3)); zero if there is none.</summary>
    public static TimeSpan WatchdogOf(string? microseconds) =>
        long.TryParse(microseconds, NumberStyles.None, CultureInfo.InvariantCulture, out var limit)
            ? TimeSpan.FromMicroseconds(limit) : TimeSpan.Zero;

    /// <summary>A third of the watchdog's limit, so that one look may fail; the interval of the status if there is no watchdog.</summary>
    public static TimeSpan IntervalOf(TimeSpan watchdog) =>
        watchdog > TimeSpan.Zero && watchdog / 3 < _interval ? watchdog / 3 : _interval;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(IntervalOf(_watchdog), time);
        try
        {
            do Tell(await LookAsync(stoppingToken));
            while (await timer.WaitForNextTickAsync(stoppingToken));
        }
        catch (OperationCanceledException)
        {
            // All other services have stopped.
        }
    }

    private void Tell(IEnumerable<string> states) => systemd.Notify(new ServiceState(string.Join('\n', states)));

    /// <summary>The lines for systemd: its variables, one a line.</summary>
    private async Task<IReadOnlyList<string>> LookAsync(CancellationToken stop)
    {
        if (gateway.IsStopping) return [Status(Phase), MoreTime];
        // A standby has started, as far as it can: whoever waits for the service goes on. From then on it feeds the watchdog.
        if (gateway.Standby is { } standby) return [Status(standby), "READY=1", Alive];
        if (gateway.Management is not { } management) return [Status(Phase), MoreTime, Alive];
        // The state is answered without the store, and so proves nothing of the disk.
        if (!IsStoreTurning()) return [Status("The disk does not answer.")];
        try
        {
            var state = await management.ReadStateAsync(stop).WaitAsync(IntervalOf(_watchdog), time, stop);
            return [Status(Describe(state)), Alive];
        }
        catch (TimeoutException)
        {
            return [Status("The gateway's loop does not answer.")];
        }
        catch (OperationCanceledException) when (!stop.IsCancellationRequested)
        {
            return [Status(Phase), MoreTime];
        }
    }

    private bool IsStoreTurning()
    {
        var (before, now) = (_turns, time.GetTimestamp());
        _turns = gateway.StoreTurns;
        if (_turns != before) _turnedAt = now;
        return time.GetElapsedTime(_turnedAt, now) < _turnsWithin || gateway.IsStoreAway;
    }

    /// <summary>
    /// The time systemd shall grant from now on, in microseconds: opening and closing a store take as long as they take.
    /// </summary>
    private static string MoreTime => $"EXTEND_TIMEOUT_USEC={3 * _interval.TotalMicroseconds:0}";

    private string Phase => gateway.IsStopping ? "Stopping." : gateway.Waiting ?? "The store is being opened.";

    private static string Status(string text) => $"STATUS={ForeignText.Plain(text)}";

    private static string Describe(GatewayState state)
    {
        var up = state.Links.Count(link => link.Status.IsWell);
        var reasons = Health.Of(state).Reasons;
        return $"{Figures.Waiting(state.Outgoing.Messages)} for peers, {up} of {state.Links.Count} links are well"
            + $"{(reasons.Count == 0 ? "" : $"; {reasons[0].About}{(reasons[0].About.Length > 0 ? ": " : "")}{reasons[0].Text}")}.";
    }
}
