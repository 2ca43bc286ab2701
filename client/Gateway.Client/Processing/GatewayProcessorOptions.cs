using Gateway.Client.Wire;

namespace Gateway.Client.Processing;

/// <summary>How a <see cref="GatewayProcessor"/> handles the messages of a queue. Read once, when the processor is created.</summary>
public sealed class GatewayProcessorOptions
{
    private static readonly TimeSpan _leaseRenewalLeast = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan _leaseRenewalMost = TimeSpan.FromDays(7);
    private static readonly TimeSpan _delayMost = TimeSpan.FromMilliseconds(ProtocolLimits.DelayMsMax);

    /// <summary>The number of handlers that run at once: 1 to 10,000, default 1.</summary>
    public int ConcurrencyMax { get; set; } = 1;

    /// <summary>
    /// Whether messages with the same key are handled one after the other, in the order of the queue. Messages with other keys, and those
    /// without one, are handled meanwhile. Default true.
    /// </summary>
    public bool OrderByKey { get; set; } = true;

    /// <summary>The header with the key. Default <c>key</c>, which <see cref="EnqueueOptions.Key"/> sets.</summary>
    public string KeyHeader { get; set; } = MessageKey.Header;

    /// <summary>
    /// The messages that may wait in this processor for another one of their key: 1 to 100,000, default 1,000. At the limit the processor
    /// receives no more until some of them are handled.
    /// </summary>
    public int WaitingMax { get; set; } = 1_000;

    /// <summary>The maximum number of messages buffered ahead: 1 to 10,000, default 64. Slow handlers get fewer.</summary>
    public int Prefetch { get; set; } = 64;

    /// <summary>The lease of each message, renewed by the processor: 100 ms to 12 h. Default null: the gateway's default.</summary>
    public TimeSpan? Lease { get; set; }

    /// <summary>
    /// How long a handler may run. Its lease is renewed until then; afterwards the handler is told to end, and the message goes to another
    /// consumer. Also how long a message waits for others of its key without progress. 1 s to 7 days, default 5 minutes.
    /// </summary>
    public TimeSpan LeaseRenewalMax { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>
    /// Whether the message is completed when its handler returns without having settled it. If false, such a return counts as a failure.
    /// Default true.
    /// </summary>
    public bool AutoComplete { get; set; } = true;

    /// <summary>
    /// The number of deliveries after which a message whose handler fails becomes a dead letter: 1 to 1,000,000, default 5. Keep it below
    /// the gateway's <c>Inbox:DeliveriesMax</c>: otherwise the gateway gives its own reason.
    /// </summary>
    public int AttemptsMax { get; set; } = 5;

    /// <summary>
    /// The delay before a message is delivered again whose handler failed at its first delivery; it doubles with each delivery. The gateway
    /// keeps the delay on disk. Zero to 366 days, default 1 s.
    /// </summary>
    public TimeSpan RetryDelay { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>The longest delay between deliveries: <see cref="RetryDelay"/> to 366 days, default 10 minutes.</summary>
    public TimeSpan RetryDelayMax { get; set; } = TimeSpan.FromMinutes(10);

    /// <summary>
    /// Decides on failures in place of <see cref="AttemptsMax"/>, <see cref="RetryDelay"/> and <see cref="RetryDelayMax"/>. Default null.
    /// </summary>
    public IRetryPolicy? RetryPolicy { get; set; }

    /// <summary>
    /// How long a stop waits for running handlers before it tells them to end. Their messages are then given back. Zero to 1 day, default
    /// 20 s.
    /// </summary>
    public TimeSpan StopTimeout { get; set; } = TimeSpan.FromSeconds(20);

    /// <summary>Whether the processor starts paused, until <see cref="GatewayProcessor.Resume"/>. Default false.</summary>
    public bool StartPaused { get; set; }

    /// <summary>Every fault of the options, a sentence each; empty if they are valid.</summary>
    internal IEnumerable<string> Faults()
    {
        if (ConcurrencyMax is < 1 or > 10_000)
            yield return $"ConcurrencyMax {ConcurrencyMax} is not between 1 and 10,000.";
        if (string.IsNullOrEmpty(KeyHeader))
            yield return "KeyHeader is empty.";
        if (WaitingMax is < 1 or > 100_000)
            yield return $"WaitingMax {WaitingMax} is not between 1 and 100,000.";
        if (Prefetch is < 1 or > ProtocolLimits.CreditHighest)
            yield return $"Prefetch {Prefetch} is not between 1 and {ProtocolLimits.CreditHighest}.";
        if (Lease is { TotalMilliseconds: < ProtocolLimits.LeaseMsMin or > ProtocolLimits.LeaseMsMax })
            yield return $"Lease {Lease} is not between 100 ms and 12 h.";
        if (LeaseRenewalMax < _leaseRenewalLeast || LeaseRenewalMax > _leaseRenewalMost)
            yield return $"LeaseRenewalMax {LeaseRenewalMax} is not between 1 s and 7 days.";
        if (AttemptsMax is < 1 or > 1_000_000)
            yield return $"AttemptsMax {AttemptsMax} is not between 1 and 1,000,000.";
        if (RetryDelay < TimeSpan.Zero || RetryDelay > _delayMost)
            yield return $"RetryDelay {RetryDelay} is not between zero and 366 days.";
        if (RetryDelayMax < RetryDelay || RetryDelayMax > _delayMost)
            yield return $"RetryDelayMax {RetryDelayMax} is not between RetryDelay and 366 days.";
        if (StopTimeout < TimeSpan.Zero || StopTimeout > TimeSpan.FromDays(1))
            yield return $"StopTimeout {StopTimeout} is not between zero and 1 day.";
    }
}
