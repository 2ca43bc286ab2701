using System.Threading.Channels;
using Gateway.Configuration;
using Gateway.Management;
using Gateway.Store.Messages;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Hosting.Systemd;
using Microsoft.Extensions.Logging;

namespace Gateway.Hosting;

/// <summary>
/// Keeps the running gateway to its configuration: when a file changes, at a signal, or when an operator asks, it reads all of it again,
/// validates it as at a start, and applies what can be applied, at once and whole. One task owns the configuration in force; requests wait
/// for it in a queue.
/// </summary>
internal sealed partial class ConfigurationReload(
    ConfigurationFiles files, LoadedConfiguration start, ConfigurationInForce inForce, RunningOptions running, GatewayService gateway,
    IEnumerable<ISystemdNotifier> systemd, TimeProvider time, ILogger<ConfigurationReload> logger) : BackgroundService, IConfigurationReload
{
    /// <summary>The name of a changed file in the audit trail.</summary>
    private const string ByFile = "a changed file";

    private const string BySignal = "SIGHUP";
    private const int QueuesAtOnce = 1000;

    /// <summary>A file that has changed is read after a look that finds it unchanged: an editor may still be writing.</summary>
    private static readonly TimeSpan _lookEvery = TimeSpan.FromSeconds(1);

    /// <summary>The time for a read under way to notice the stop.</summary>
    private static readonly TimeSpan _stopMax = TimeSpan.FromSeconds(1);

    private readonly ILogger _logger = logger;
    private readonly Channel<IRequest> _requests = Channel.CreateBounded<IRequest>(16);
    private IReadOnlySet<string> _present = files.FirstPresent;
    private LoadedConfiguration _inForce = start;
    private ConfigurationStanding _standing = ConfigurationStanding.AsStarted;

    /// <inheritdoc/>
    public async Task<ReloadOutcome> ReloadAsync(string who, string why, CancellationToken cancellationToken)
    {
        var request = new Request<ReloadOutcome>(stop => ServeAsync(who, why, stop));
        await _requests.Writer.WriteAsync(request, cancellationToken);
        return await request.Outcome;
    }

    /// <inheritdoc/>
    public async Task<ConfigurationDifference> CompareAsync(CancellationToken cancellationToken)
    {
        var request = new Request<ConfigurationDifference>(_ => Task.FromResult(Compare()));
        await _requests.Writer.WriteAsync(request, cancellationToken);
        return await request.Outcome;
    }

    /// <summary>A signal asks for it. If many requests wait already, one of them does for this one too.</summary>
    public void OnSignal() => _requests.Writer.TryWrite(By(BySignal));

    /// <summary>There is nothing to finish: a disk that holds the files up does not hold up the stop.</summary>
    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        using var late = new CancellationTokenSource(_stopMax, time);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, late.Token);
        await base.StopAsync(limit.Token);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var watching = WatchAsync(stoppingToken);
        try
        {
            await foreach (var request in _requests.Reader.ReadAllAsync(stoppingToken)) await request.RunAsync(stoppingToken);
        }
        catch (OperationCanceledException)
        {
            // The gateway stops; so do those who wait for an answer.
        }

        _requests.Writer.TryComplete();
        while (_requests.Reader.TryRead(out var left)) left.Cancel();
        await watching;
    }

    /// <summary>Asks for a reload when the files have changed, and have stayed as they are for a while.</summary>
    private async Task WatchAsync(CancellationToken stop)
    {
        using var timer = new PeriodicTimer(_lookEvery, time);
        var taken = files.FirstLook;
        var last = taken;
        try
        {
            while (await timer.WaitForNextTickAsync(stop))
            {
                var found = files.Look();
                if (found == last && found != taken)
                {
                    taken = found;
                    await _requests.Writer.WriteAsync(By(ByFile), stop);
                }

                last = found;
            }
        }
        catch (Exception over) when (over is OperationCanceledException or ChannelClosedException)
        {
            // The gateway stops.
        }
    }

    private async Task<ReloadOutcome> ServeAsync(string who, string why, CancellationToken stop)
    {
        // systemd counts a service that says so as reloading until it is ready again (sd_notify(3)).
        Notify($"RELOADING=1\nMONOTONIC_USEC={(long)time.GetElapsedTime(0).TotalMicroseconds}");
        try
        {
            var read = Read();
            if (read.Wanted is { } wanted) return await ApplyAsync(wanted, who, why, read.Warnings, stop);
            TellFaults(read.Faults);
            return ReloadOutcome.Faulty(read.Faults);
        }
        finally
        {
            Notify("READY=1");
        }
    }

    private ConfigurationDifference Compare()
    {
        var read = Read();
        var difference = read.Wanted is { } wanted ? Compare(wanted) : new ConfigurationDifference([], "", read.Faults);
        return difference with { Folder = ConfigurationFolder.Beside(files.MainFile), Mark = files.Mark() };
    }

    private ConfigurationDifference Compare(LoadedConfiguration wanted)
    {
        var change = ConfigurationChange.Between(_inForce, wanted);
        return new ConfigurationDifference([.. change.Values.Select(value => new ValueDifference(
            value.Key, value.Running, value.Wanted, value.IsLive ? ValueChange.Live : ValueChange.Restart))], change.Obstacle, []);
    }

    /// <summary>The whole configuration; null if it has a fault.</summary>
    private (LoadedConfiguration? Wanted, IReadOnlyList<string> Warnings, IReadOnlyList<string> Faults) Read()
    {
        try
        {
            var present = files.Present();
            if (_present.Except(present).Order(StringComparer.Ordinal).Select(
                gone => $"{gone} is gone; put it back, or start the gateway without it.").ToList() is { Count: > 0 } missing)
            {
                return (null, [], missing);
            }

            var root = files.Read();
            var report = ConfigurationReport.Of(root, time);
            if (report.Faults.Count > 0)
            {
                return (null, [],
                    [.. report.Faults.Select(fault => fault.Source is null ? fault.Text : $"{fault.Text} (Set in {fault.Source}.)")]);
            }

            _present = present;
            return (LoadedConfiguration.Of(root, report.Options), report.Warnings, []);
        }
        catch (Exception unreadable) when (unreadable is InvalidDataException or IOException or UnauthorizedAccessException)
        {
            return (null, [], [Figures.Sentence(GatewayConfiguration.Reason(unreadable).TrimEnd('.'))]);
        }
    }

    private async Task<ReloadOutcome> ApplyAsync(
        LoadedConfiguration wanted, string who, string why, IReadOnlyList<string> warnings, CancellationToken stop)
    {
        var change = ConfigurationChange.Between(_inForce, wanted);
        string[] applied = [.. change.Live.Select(value => value.Key)];
        string[] atRestart = [.. change.AtRestart.Select(value => value.Key)];
        List<string> told = [.. warnings];
        if (change.Obstacle.Length > 0) told.Add(change.Obstacle);
        if (applied.Length > 0)
        {
            if (!await gateway.ApplyAsync(change.Applied.Options)) throw new OperationCanceledException(stop);
            var removed = _inForce.Options.Peers.Keys.Except(wanted.Options.Peers.Keys).ToList();
            running.Use(change.Applied.Options);
            inForce.Use(change.Applied.Logging);
            _inForce = change.Applied;
            LogApplied(who, string.Join(", ", applied));
            told.AddRange(await LeftForAsync(removed, stop));
        }

        if (applied.Length > 0 || why.Length > 0) await RecordAsync(who, why, applied, stop);

        if (atRestart.Length > 0 && (who != ByFile || !atRestart.SequenceEqual(_standing.AtRestart)))
            LogAtRestart(string.Join(", ", atRestart));
        if (applied.Length > 0 || atRestart.Length > 0 || who != ByFile)
            foreach (var warning in told) LogWarning(warning);
        if (applied.Length == 0 && atRestart.Length == 0 && (who != ByFile || _standing.Faults.Count > 0)) LogSame(who);
        Tell(new ConfigurationStanding
        { AppliedAt = applied.Length > 0 ? time.GetUtcNow() : _standing.AppliedAt, AtRestart = atRestart });
        return new ReloadOutcome(applied, atRestart, told, []);
    }

    private Task RecordAsync(string who, string why, IReadOnlyList<string> applied, CancellationToken stop)
    {
        var keys = string.Join(", ", applied);
        var text = why.Length == 0 ? keys : keys.Length == 0 ? why : $"{why}: {keys}";
        return gateway.Management!.RecordAsync(
            Client.MessageId.New(time.GetUtcNow()).Value, who, "reload", "configuration", 0, text, stop);
    }

    /// <summary>A sentence on each peer that was removed while messages wait for it.</summary>
    private async Task<IReadOnlyList<string>> LeftForAsync(IReadOnlyList<string> removed, CancellationToken stop)
    {
        var left = new List<string>();
        foreach (var peer in removed)
        {
            var messages = 0L;
            for (var page = new QueuePage([], 0, IsEnd: false); !page.IsEnd;)
            {
                page = await gateway.Management!.ListQueuesAsync(
                    new QueueFilter(QueueKind.Outgoing, peer, IsEmptyLeftOut: true), page.LookedUpTo, QueuesAtOnce, stop);
                messages += page.Queues.Sum(queue => queue.Messages);
            }

            if (messages > 0) left.Add($"{Figures.Waiting(messages)} for {peer}, which is no longer a peer; the store keeps what "
                + $"waits. Add the peer again to have it delivered, send it elsewhere with 'gateway queue redirect QUEUE@{peer}', or save "
                + $"it with 'gateway queue export QUEUE@{peer}'.");
        }

        return left;
    }

    private void TellFaults(IReadOnlyList<string> faults)
    {
        if (!faults.SequenceEqual(_standing.Faults)) LogFaulty(Figures.Counted(faults.Count, "fault"), string.Join(' ', faults));
        Tell(_standing with { Faults = faults, FaultySince = _standing.FaultySince ?? time.GetUtcNow() });
    }

    private void Tell(ConfigurationStanding standing)
    {
        _standing = standing;
        gateway.Tell(standing);
    }

    private void Notify(string state)
    {
        foreach (var notifier in systemd) notifier.Notify(new ServiceState(state));
    }

    private Request<ReloadOutcome> By(string who) => new(stop => ServeAsync(who, why: "", stop));

    private interface IRequest
    {
        Task RunAsync(CancellationToken stop);

        void Cancel();
    }

    /// <summary>Somebody may wait for the outcome.</summary>
    private sealed class Request<T>(Func<CancellationToken, Task<T>> serve) : IRequest
    {
        private readonly TaskCompletionSource<T> _outcome = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task<T> Outcome => _outcome.Task;

        public async Task RunAsync(CancellationToken stop)
        {
            try
            {
                _outcome.TrySetResult(await serve(stop));
            }
            finally
            {
                // Has no effect on one that was served.
                Cancel();
            }
        }

        public void Cancel() => _outcome.TrySetCanceled(CancellationToken.None);
    }
}
