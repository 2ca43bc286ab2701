using System.Data.Common;
using System.Security.Cryptography;
using Gateway.Client.Pacing;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Gateway.Client.Outbox;

/// <summary>
/// Sends what is in an outbox to the gateway, in order, with the ids of the rows, and removes each row after the gateway's receipt. Of many
/// relays at one table, in any processes, one is active; the others wait until it ends.
/// </summary>
/// <remarks>
/// A crash between receipt and removal leads to a repetition with the same id, which the gateway recognises within its bound
/// (<c>Store:AcceptedIdsAge</c>, <c>Store:AcceptedIdsMax</c>). No wall clock decides anything here.
/// </remarks>
public sealed partial class OutboxRelay
{
    /// <summary>The destinations that are tried again between two looks at the table.</summary>
    private const int RetriedMax = 4;

    private readonly GatewayOutbox _outbox;
    private readonly OutboxStore _store;
    private readonly OutboxOptions _options;
    private readonly DbDataSource _source;
    private readonly RowSender _sender;
    private readonly IOutboxSignal? _signal;
    private readonly ILogger _logger;
    private readonly TimeProvider _time;
    private readonly Backoff _backoff;
    private readonly HeldDestinations _held;

    /// <param name="outbox">The outbox.</param>
    /// <param name="source">Opens the relay's connections; null for that of the outbox's options.</param>
    /// <param name="client">Sends the messages.</param>
    /// <param name="signal">Tells of rows of other processes; null if none does.</param>
    /// <param name="logger">Null for none.</param>
    /// <param name="time">Null for that of the system.</param>
    /// <exception cref="ArgumentException">There is no source of connections.</exception>
    public OutboxRelay(
        GatewayOutbox outbox, DbDataSource? source, GatewayClient client, IOutboxSignal? signal = null,
        ILogger<OutboxRelay>? logger = null, TimeProvider? time = null)
    {
        ArgumentNullException.ThrowIfNull(outbox);
        ArgumentNullException.ThrowIfNull(client);
        _outbox = outbox;
        _store = outbox.Store();
        _options = outbox.Options;
        _source = source ?? _options.DataSource
            ?? throw new ArgumentException("Neither the relay nor OutboxOptions.DataSource has a source of connections.", nameof(source));
        _sender = new RowSender(client);
        _signal = signal;
        _logger = logger ?? NullLogger<OutboxRelay>.Instance;
        _time = time ?? TimeProvider.System;
        _backoff = new Backoff(
            _options.RetryDelay, _options.RetryDelayMax, new Random(RandomNumberGenerator.GetInt32(int.MaxValue)));
        _held = new HeldDestinations(_backoff);
    }

    /// <summary>How often the outbox is counted for the metrics while somebody listens.</summary>
    internal TimeSpan SampleInterval { get; init; } = TimeSpan.FromSeconds(10);

    private TimeSpan Now => _time.GetElapsedTime(0);

    /// <summary>
    /// Relays until it is stopped, and returns then. Outages of the database and of the gateway are waited for. Call it once.
    /// </summary>
    /// <exception cref="GatewayException">The client has ended, and sends nothing more.</exception>
    public async Task RunAsync(CancellationToken stop)
    {
        var wait = TimeSpan.Zero;
        var isStandby = false;
        while (!stop.IsCancellationRequested)
        {
            try
            {
                var held = await _store.TryLockAsync(_source, stop).ConfigureAwait(false);
                if (held is null)
                {
                    if (!isStandby)
                        LogStandby(_logger, _outbox.NotificationChannel);
                    isStandby = true;
                    await WaitAsync(_options.PollInterval, stop).ConfigureAwait(false);
                    continue;
                }

                (isStandby, wait) = (false, TimeSpan.Zero);
                await using (held.ConfigureAwait(false))
                    await BeActiveAsync(held.Connection, stop).ConfigureAwait(false);
            }
            catch (OperationCanceledException) when (stop.IsCancellationRequested)
            {
                break;
            }
            catch (Exception fault) when (DatabaseFault.Is(fault))
            {
                wait = _backoff.Next(wait);
                OutboxTelemetry.CountFailures(_outbox.NotificationChannel, OutboxTelemetry.DatabaseFailed);
                LogDatabaseFailed(_logger, fault, _outbox.NotificationChannel, wait, fault.Message);
                await WaitAsync(wait, stop).ConfigureAwait(false);
            }
        }

        LogStopped(_logger, _outbox.NotificationChannel);
    }

    private async Task BeActiveAsync(DbConnection connection, CancellationToken stop)
    {
        LogActive(_logger, _outbox.NotificationChannel);
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(stop);
        var listening = _signal is null ? Task.CompletedTask : ListenAsync(_signal, ending.Token);
        var sampler = new OutboxSampler(_outbox, _source, SampleInterval, _logger, _time);
        // On a thread of its own, since the calls of some providers are not asynchronous.
        var sampling = Task.Run(() => sampler.RunAsync(ending.Token), CancellationToken.None);
        try
        {
            for (var name = await _store.NextWaitingDestinationAsync(connection, "", stop).ConfigureAwait(false);
                name is not null;
                name = await _store.NextWaitingDestinationAsync(connection, name, stop).ConfigureAwait(false))
                _held.Add(name, Now);
            await RelayAsync(connection, stop).ConfigureAwait(false);
        }
        finally
        {
            await ending.CancelAsync().ConfigureAwait(false);
            await Task.WhenAll(listening, sampling).ConfigureAwait(false);
        }
    }

    private async Task RelayAsync(DbConnection connection, CancellationToken stop)
    {
        var wait = TimeSpan.Zero;
        while (true)
        {
            stop.ThrowIfCancellationRequested();
            var batches = new List<(string Destination, List<OutboxRow> Rows)>();
            var settlement = new Settlement();
            await ReadAsync(connection, batches, settlement, stop).ConfigureAwait(false);
            if (batches.Count == 0 && settlement.IsEmpty)
            {
                await WaitForWorkAsync(stop).ConfigureAwait(false);
                continue;
            }

            LogRead(_logger, batches.Sum(batch => batch.Rows.Count));
            var outcomes = await Task.WhenAll(batches.Select(batch => _sender.SendAsync(batch.Destination, batch.Rows, stop)))
                .ConfigureAwait(false);
            foreach (var outcome in outcomes)
                Judge(outcome, settlement);
            LogDecided(_logger, settlement.Accepted.Count, settlement.Refused.Count);
            // Whatever stops this relay now: the gateway has the messages.
            if (!settlement.IsEmpty)
                await _store.SettleAsync(connection, settlement, CancellationToken.None).ConfigureAwait(false);
            LogSettled(_logger, settlement.Accepted.Count);

            if (outcomes.Where(outcome => outcome.Trouble is not null).ToList() is [{ Trouble: { } trouble }, ..] troubled)
            {
                stop.ThrowIfCancellationRequested();
                wait = _backoff.Next(wait);
                foreach (var outcome in troubled)
                    OutboxTelemetry.CountFailures(_outbox.NotificationChannel, OutboxTelemetry.GatewayFailed, outcome.Destination);
                LogTrouble(_logger, trouble, wait);
                await WaitAsync(wait, stop).ConfigureAwait(false);
            }
            else
            {
                wait = TimeSpan.Zero;
            }
        }
    }

    /// <summary>Reads what is to be sent now, by destination, each in order.</summary>
    private async Task ReadAsync(
        DbConnection connection, List<(string Destination, List<OutboxRow> Rows)> batches, Settlement settlement, CancellationToken stop)
    {
        foreach (var destination in _held.Due(Now, RetriedMax))
        {
            var rows = await _store.ReadWaitingAsync(
                connection, destination, _options.BatchMessagesMax, _options.BatchBytesMax, stop).ConfigureAwait(false);
            if (rows.Count > 0)
            {
                batches.Add((destination, rows));
                continue;
            }

            // Nothing waits any more, and only this loop lets rows wait: those that are ready come next.
            _held.Release(destination);
            LogReleased(_logger, destination);
        }

        var ready = await _store.ReadReadyAsync(connection, _options.BatchMessagesMax, _options.BatchBytesMax, stop).ConfigureAwait(false);
        foreach (var rows in ready.GroupBy(row => row.Destination, StringComparer.Ordinal))
        {
            if (_held.Contains(rows.Key))
                settlement.Waiting.AddRange(rows.Select(row => row.Number));
            else
                batches.Add((rows.Key, [.. rows]));
        }
    }

    private void Judge(SendOutcome outcome, Settlement settlement)
    {
        var (table, destination) = (_outbox.NotificationChannel, outcome.Destination);
        settlement.Accepted.AddRange(outcome.Accepted.Select(row => row.Number));
        OutboxTelemetry.CountRelayed(table, destination, outcome.Accepted.Count);
        OutboxTelemetry.CountFailures(table, OutboxTelemetry.MessageRefused, destination, outcome.Refused.Count);
        foreach (var (row, reason) in outcome.Refused)
        {
            settlement.Refused.Add((row.Number, RowState.Failed, reason));
            LogRowRefused(_logger, row.Number, row.Id, destination, reason);
        }

        if (outcome.DestinationRefused is { } refusal)
        {
            settlement.Refused.Add((outcome.Rest[0].Number, RowState.Waiting, refusal));
            settlement.Waiting.AddRange(outcome.Rest.Skip(1).Select(row => row.Number));
            _held.Refuse(destination, Now);
            OutboxTelemetry.CountFailures(table, OutboxTelemetry.DestinationRefused, destination);
            LogDestinationRefused(_logger, destination, refusal);
        }
        else if (outcome.Trouble is null && _held.Contains(destination))
        {
            _held.Add(destination, Now);
        }
    }

    /// <summary>Until it is woken, a destination is due, or the interval is over.</summary>
    private async Task WaitForWorkAsync(CancellationToken stop)
    {
        var limit = _held.NextDue is { } due && due - Now < _options.PollInterval ? due - Now : _options.PollInterval;
        if (limit <= TimeSpan.Zero)
            return;
        using var over = new CancellationTokenSource(limit, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(over.Token, stop);
        try
        {
            await _outbox.Wakes.ReadAsync(either.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!stop.IsCancellationRequested)
        {
            // The interval is over.
        }
    }

    /// <summary>Returns also when it is stopped.</summary>
    private async Task WaitAsync(TimeSpan time, CancellationToken stop) =>
        await Task.Delay(time, _time, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);

    private async Task ListenAsync(IOutboxSignal signal, CancellationToken ending)
    {
        var wait = TimeSpan.Zero;
        while (!ending.IsCancellationRequested)
        {
            try
            {
                await signal.ListenAsync(_outbox, ending).ConfigureAwait(false);
            }
            catch (OperationCanceledException) when (ending.IsCancellationRequested)
            {
                return;
            }
            catch (Exception fault) when (DatabaseFault.Is(fault))
            {
                wait = _backoff.Next(wait);
                LogNotListening(_logger, fault, wait, fault.Message);
                await WaitAsync(wait, ending).ConfigureAwait(false);
            }
        }
    }
}
