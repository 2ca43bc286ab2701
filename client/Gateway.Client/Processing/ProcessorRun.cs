using Microsoft.Extensions.Logging;

namespace Gateway.Client.Processing;

/// <summary>
/// One run of a processor, from its start to its stop. One loop owns the schedule and all messages in hand; handlers run on the thread pool
/// and tell the loop by events.
/// </summary>
internal sealed partial class ProcessorRun
{
    /// <summary>How often the loop looks at leases, waits and handlers that last long.</summary>
    private static readonly TimeSpan _lookInterval = TimeSpan.FromSeconds(1);

    /// <summary>The pause after the gateway has refused the queue.</summary>
    private static readonly TimeSpan _refusalWait = TimeSpan.FromSeconds(5);

    /// <summary>How long a handler that is told to end at a stop has for it, before its message is given back without it.</summary>
    private static readonly TimeSpan _endingMax = TimeSpan.FromSeconds(5);

    /// <summary>The processor keeps time itself, handler by handler.</summary>
    private static readonly TimeSpan _renewalMost = TimeSpan.FromDays(7);

    private readonly GatewayClient _client;
    private readonly string _queue;
    private readonly GatewayProcessorOptions _options;
    private readonly IRetryPolicy _policy;
    private readonly IProcessorHandlers _handlers;
    private readonly ILogger _logger;
    private readonly TimeProvider _time;
    private readonly long _origin;
    private readonly HandSchedule<ProcessedMessage> _schedule;
    private readonly ProcessorEvents _events;
    private Task _work = Task.CompletedTask;
    private TimeSpan _receiveAt;
    private volatile bool _isPaused;
    private volatile bool _isStopping;
    private volatile bool _isGraceOver;
    private volatile bool _isLookDue;

    public ProcessorRun(
        GatewayClient client, string queue, GatewayProcessorOptions options, IRetryPolicy policy, IProcessorHandlers handlers,
        ILogger logger, TimeProvider time)
    {
        _client = client;
        _queue = queue;
        _options = options;
        _policy = policy;
        _handlers = handlers;
        _logger = logger;
        _time = time;
        _origin = time.GetTimestamp();
        var limits = new HandLimits(options.ConcurrencyMax, options.OrderByKey ? options.WaitingMax : 1, options.LeaseRenewalMax);
        _schedule = new HandSchedule<ProcessedMessage>(limits);
        _events = new ProcessorEvents(limits.HandledMax + limits.SettlingMax);
    }

    public bool IsPaused { get => _isPaused; init => _isPaused = value; }

    public bool IsStopping => _isStopping;

    public bool IsEnded => _work.IsCompleted;

    private TimeSpan Now => _time.GetElapsedTime(_origin);

    public void Start()
    {
        // Otherwise a span around the start would be the parent of every message.
        using (ExecutionContext.SuppressFlow())
            _work = Task.Run(RunAsync);
    }

    public void SetPaused(bool isPaused)
    {
        _isPaused = isPaused;
        _events.Wake();
    }

    /// <summary>Returns when nothing is in hand any more, or when handlers that were told to end did not.</summary>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        _isStopping = true;
        _events.Wake();
        using (cancellationToken.UnsafeRegister(_ => EndGrace(), null))
        await using (_time.CreateTimer(_ => EndGrace(), null, _options.StopTimeout, Timeout.InfiniteTimeSpan).ConfigureAwait(false))
            await _work.ConfigureAwait(false);
    }

    private async Task RunAsync()
    {
        await using var ticks = _time.CreateTimer(_ => LookSoon(), null, _lookInterval, _lookInterval).ConfigureAwait(false);
        LogStarted(_logger, _queue);
        try
        {
            while (!_isStopping)
            {
                StartReady();
                if (!_isPaused && Now >= _receiveAt && _schedule.HasRoom)
                    await ReceiveAsync().ConfigureAwait(false);
                else
                    await _events.WaitAsync(null).ConfigureAwait(false);
                await AbsorbAsync().ConfigureAwait(false);
            }
        }
        catch (Exception failure)
        {
            LogFailed(_logger, failure, _queue);
            throw;
        }
        finally
        {
            _isStopping = true;
            await DrainAsync().ConfigureAwait(false);
            LogStopped(_logger, _queue);
        }
    }

    /// <summary>
    /// Receives and handles until the processor pauses or stops, the hand is full, or the gateway refuses the queue. At the end the client
    /// gives back what it has buffered.
    /// </summary>
    private async Task ReceiveAsync()
    {
        using var ending = new CancellationTokenSource();
        var options = new ReceiveOptions { Prefetch = _options.Prefetch, Lease = _options.Lease, LeaseRenewalMax = _renewalMost };
        var messages = _client.ReceiveAsync(_queue, options, ending.Token).GetAsyncEnumerator(ending.Token);
        Task<bool>? next = null;
        try
        {
            while (!_isPaused && !_isStopping && !_schedule.IsFull)
            {
                await AbsorbAsync().ConfigureAwait(false);
                StartReady();
                // The event of a pause or stop that came since the loop's condition has just been taken: nothing would end the wait.
                if (_isPaused || _isStopping)
                    continue;
                if (next is null && _schedule.WantsMore)
                    next = messages.MoveNextAsync().AsTask();
                if (next is { IsCompleted: true })
                {
                    var arrived = next;
                    next = null;
                    if (await arrived.ConfigureAwait(false))
                        Take(messages.Current);
                }
                else
                {
                    await _events.WaitAsync(next).ConfigureAwait(false);
                }
            }
        }
        catch (GatewayException refusal)
        {
            await OnRefusedAsync(refusal).ConfigureAwait(false);
        }
        finally
        {
            ending.Cancel();
            if (next is not null)
                await TakeLastAsync(messages, next).ConfigureAwait(false);
            await messages.DisposeAsync().ConfigureAwait(false);
        }

        if (_isPaused)
            await GiveBackAsync(_schedule.TakeWaiting()).ConfigureAwait(false);
    }

    /// <summary>A message may have come at the very end.</summary>
    private async Task TakeLastAsync(IAsyncEnumerator<ReceivedMessage> messages, Task<bool> next)
    {
        try
        {
            if (await next.ConfigureAwait(false))
                Take(messages.Current);
        }
        catch (Exception e) when (e is OperationCanceledException or GatewayException)
        {
            // Receiving has ended, as it should.
        }
    }

    private void Take(ReceivedMessage message)
    {
        var key = _options.OrderByKey ? message.Headers.GetValueOrDefault(_options.KeyHeader) : null;
        _schedule.Add(new ProcessedMessage(message, key, Now));
    }

    private void StartReady()
    {
        while (_schedule.TryStart(out var job))
        {
            if (job.Message.IsHeld)
            {
                job.BegunAt = Now;
                var begun = job;
                job.Work = Task.Run(() => HandleAsync(begun));
                continue;
            }

            // The connection ended while it waited: it is delivered again.
            _schedule.OnHandled(job);
            Leave(job, comesAt: null);
        }
    }

    private async Task AbsorbAsync()
    {
        while (_events.TryTake(out var happened))
        {
            var job = happened.Message!;
            if (!happened.IsSettled)
            {
                _schedule.OnHandled(job);
                continue;
            }

            // It has nothing left to do; a fault of ours in it ends the processor.
            await job.Work.ConfigureAwait(false);
            Leave(job, happened.ComesAt);
        }

        if (!_isLookDue)
            return;
        _isLookDue = false;
        await LookAsync().ConfigureAwait(false);
    }

    private void Leave(ProcessedMessage job, TimeSpan? comesAt)
    {
        if (comesAt is { } time)
            _schedule.OnReturned(job, time, Now);
        else
            _schedule.OnSettled(job, Now);
        job.Cancellation.Dispose();
    }

    /// <summary>
    /// Tells handlers to end that have lost their message or run for too long, and gives back what has waited for too long.
    /// </summary>
    private async Task LookAsync()
    {
        var now = Now;
        foreach (var job in _schedule.Handled)
        {
            var isOverdue = now - job.BegunAt >= _options.LeaseRenewalMax;
            if (job.IsTold || (!isOverdue && job.Message.IsHeld))
                continue;
            if (isOverdue)
            {
                job.Message.LetGo();
                LogOverdue(_logger, job.Id, _queue, _options.LeaseRenewalMax);
            }

            job.TellToEnd(isStopping: false);
        }

        await GiveBackAsync(_schedule.Look(now, job => !job.Message.IsHeld)).ConfigureAwait(false);
    }

    private async Task OnRefusedAsync(GatewayException refusal)
    {
        if (refusal.Reason is GatewayError.Disposed or GatewayError.Failed)
            _isStopping = true;
        _receiveAt = Now + _refusalWait;
        LogRefused(_logger, _queue, refusal.Message);
        await ReportAsync(new ProcessErrorEventArgs(refusal, ProcessErrorSource.Receive, _queue)).ConfigureAwait(false);
    }

    private void LookSoon()
    {
        _isLookDue = true;
        _events.Wake();
    }

    private void EndGrace()
    {
        _isGraceOver = true;
        _events.Wake();
    }
}
