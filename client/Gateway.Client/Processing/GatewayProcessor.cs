using System.Security.Cryptography;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace Gateway.Client.Processing;

/// <summary>
/// Handles the messages of one local queue: several at once, those of one key in order, each under a lease that is renewed while its
/// handler runs. A message is completed when its handler succeeds; when it fails, it comes again after a delay, and becomes a dead letter
/// after a number of deliveries. A message may be handled more than once, as after a crash, but is never lost.
/// </summary>
/// <remarks>
/// Set <see cref="ProcessMessageAsync"/>, then call <see cref="StartProcessingAsync"/>. Every member is thread-safe. The client is not
/// disposed with the processor: dispose of the processor first.
/// </remarks>
public sealed class GatewayProcessor : IProcessorHandlers, IAsyncDisposable
{
    private readonly GatewayClient _client;
    private readonly GatewayProcessorOptions _options;
    private readonly IRetryPolicy _policy;
    private readonly ILogger _logger;
    private readonly TimeProvider _time;
    private readonly SemaphoreSlim _changes = new(1);
    private Func<ProcessMessageEventArgs, Task>? _processMessage;
    private Func<ProcessErrorEventArgs, Task>? _processError;
    private volatile ProcessorRun? _run;
    private volatile bool _isPaused;

    /// <summary>Creates a processor that does nothing until it is started.</summary>
    /// <param name="client">The client that receives the messages.</param>
    /// <param name="queue">The local queue.</param>
    /// <param name="options">How messages are handled; null for the defaults.</param>
    /// <param name="logger">Told of each outcome; null for none.</param>
    /// <param name="time">The clock; null for that of the system.</param>
    /// <exception cref="OptionsValidationException">The options are invalid; the message lists every fault.</exception>
    public GatewayProcessor(
        GatewayClient client, string queue, GatewayProcessorOptions? options = null, ILogger<GatewayProcessor>? logger = null,
        TimeProvider? time = null)
    {
        ArgumentNullException.ThrowIfNull(client);
        ArgumentException.ThrowIfNullOrEmpty(queue);
        _options = options ?? new GatewayProcessorOptions();
        string[] faults = [.. _options.Faults()];
        if (faults.Length > 0)
            throw new OptionsValidationException(nameof(GatewayProcessorOptions), typeof(GatewayProcessorOptions), faults);
        Queue = queue;
        _client = client;
        _policy = _options.RetryPolicy
            ?? new ExponentialRetryPolicy(_options.AttemptsMax, _options.RetryDelay, _options.RetryDelayMax, Chance);
        _logger = logger ?? NullLogger<GatewayProcessor>.Instance;
        _time = time ?? TimeProvider.System;
        _isPaused = _options.StartPaused;
    }

    /// <summary>
    /// The handler of the messages, exactly one. Its exceptions count as failures of the message, and are told to
    /// <see cref="ProcessErrorAsync"/>. Runs on the thread pool, up to <see cref="GatewayProcessorOptions.ConcurrencyMax"/> at once.
    /// </summary>
    public event Func<ProcessMessageEventArgs, Task> ProcessMessageAsync
    {
        add => _processMessage = Only(_processMessage, value, nameof(ProcessMessageAsync));
        remove => _processMessage = _processMessage == value ? null : _processMessage;
    }

    /// <summary>
    /// Told of every error after it was dealt with, at most one handler, which should return soon: a message leaves the processor, and
    /// receiving goes on after a refusal, when it has returned. Its exceptions are logged.
    /// </summary>
    public event Func<ProcessErrorEventArgs, Task> ProcessErrorAsync
    {
        add => _processError = Only(_processError, value, nameof(ProcessErrorAsync));
        remove => _processError = _processError == value ? null : _processError;
    }

    /// <summary>The local queue.</summary>
    public string Queue { get; }

    /// <summary>What the processor does now.</summary>
    public ProcessorState State => _run switch
    {
        null or { IsEnded: true } => ProcessorState.Stopped,
        { IsStopping: true } => ProcessorState.Stopping,
        _ => _isPaused ? ProcessorState.Paused : ProcessorState.Running,
    };

    /// <summary>Whether the processor was started and not stopped; true also while it is paused.</summary>
    public bool IsProcessing => State is ProcessorState.Running or ProcessorState.Paused;

    /// <summary>Starts receiving in the background; does not wait for the gateway.</summary>
    /// <exception cref="InvalidOperationException">There is no handler, or the processor was started already.</exception>
    public async Task StartProcessingAsync(CancellationToken cancellationToken = default)
    {
        await _changes.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            if (_processMessage is null)
                throw new InvalidOperationException($"Set {nameof(ProcessMessageAsync)} before starting the processor.");
            if (_run is { IsEnded: false })
                throw new InvalidOperationException($"The processor of queue '{Queue}' was started already.");
            _run = new ProcessorRun(_client, Queue, _options, _policy, this, _logger, _time) { IsPaused = _isPaused };
            _run.Start();
        }
        finally
        {
            _changes.Release();
        }
    }

    /// <summary>
    /// Stops receiving, gives back the messages that no handler has begun, and waits for the running handlers. After
    /// <see cref="GatewayProcessorOptions.StopTimeout"/> these are told to end, and their messages are given back too. It may be started
    /// again. Does nothing if the processor was not started.
    /// </summary>
    /// <param name="cancellationToken">Ends the wait for the handlers, as the timeout does.</param>
    public async Task StopProcessingAsync(CancellationToken cancellationToken = default)
    {
        await _changes.WaitAsync(CancellationToken.None).ConfigureAwait(false);
        try
        {
            if (_run is not { } run)
                return;
            await run.StopAsync(cancellationToken).ConfigureAwait(false);
            _run = null;
        }
        finally
        {
            _changes.Release();
        }
    }

    /// <summary>
    /// Stops receiving and gives back the messages that no handler has begun, until <see cref="Resume"/>. Returns at once; handlers that
    /// run go on to their end. Also keeps a processor that is not started from receiving.
    /// </summary>
    public void Pause() => SetPaused(true);

    /// <summary>Receives again after <see cref="Pause"/>.</summary>
    public void Resume() => SetPaused(false);

    /// <summary>Stops as <see cref="StopProcessingAsync"/> does.</summary>
    public async ValueTask DisposeAsync() => await StopProcessingAsync().ConfigureAwait(false);

    /// <inheritdoc/>
    Task IProcessorHandlers.HandleAsync(ProcessMessageEventArgs args) => _processMessage?.Invoke(args)
        ?? throw new InvalidOperationException($"The handler of {nameof(ProcessMessageAsync)} was removed while the processor runs.");

    /// <inheritdoc/>
    Task IProcessorHandlers.OnErrorAsync(ProcessErrorEventArgs args) => _processError?.Invoke(args) ?? Task.CompletedTask;

    private static double Chance() => RandomNumberGenerator.GetInt32(int.MaxValue) / (double)int.MaxValue;

    private static T Only<T>(T? present, T added, string name)
        where T : class
    {
        ArgumentNullException.ThrowIfNull(added);
        return present is null ? added : throw new InvalidOperationException($"{name} has a handler already; remove it first.");
    }

    private void SetPaused(bool isPaused)
    {
        _isPaused = isPaused;
        _run?.SetPaused(isPaused);
    }
}
