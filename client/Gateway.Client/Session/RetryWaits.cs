using Gateway.Client.Pacing;
using Gateway.Client.Wire;

namespace Gateway.Client.Session;

/// <summary>Decides which refusals are retried, and when.</summary>
internal sealed class RetryWaits(Random chance)
{
    private readonly Backoff _backoff = new(TimeSpan.FromMilliseconds(20), TimeSpan.FromSeconds(1), chance);

    /// <summary>The wait before the next attempt; null if the refusal is final.</summary>
    /// <param name="refusal">The code of the refusal.</param>
    /// <param name="lastWait">The wait before the attempt that was refused; zero for none.</param>
    public TimeSpan? After(WireCode refusal, TimeSpan lastWait) => IsRetried(refusal) ? _backoff.Next(lastWait) : null;

    /// <summary>Of the transient codes, only StoreFull is left to the application: waiting for room may take days.</summary>
    private static bool IsRetried(WireCode code) => code is WireCode.Busy or WireCode.Stopping or WireCode.HelloRequired;
}
