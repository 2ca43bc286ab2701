using Gateway.Client.Session;

namespace Gateway.Client.Transport;

/// <summary>
/// Drives the session of one client: gives it the events and the time, and carries its frames to the gateway. Its disposal says BYE, fails
/// pending calls and ends the loop, may be repeated, and throws a <see cref="GatewayException"/> if the loop had failed before.
/// </summary>
internal interface IClientLoop : IAsyncDisposable
{
    /// <summary>The largest headers of a message that the gateway accepts, as it last said; the default before. Any thread.</summary>
    int HeadersBytesMax { get; }

    /// <summary>The session's time: elapsed since some moment, unaffected by changes of the wall clock. Any thread.</summary>
    TimeSpan Now { get; }

    /// <summary>Hands in an event, from any thread. After the loop has ended, callers waiting for the event fail at once.</summary>
    void Post(SessionEvent happened);
}
