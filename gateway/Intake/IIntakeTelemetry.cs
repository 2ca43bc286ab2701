using Gateway.Client.Wire;
using Gateway.Store.Commands;

namespace Gateway.Intake;

/// <summary>
/// Is told what applications enqueue, on the loop. Each method returns at once, throws nothing, and allocates nothing for a message of
/// which nobody wants a trace.
/// </summary>
internal interface IIntakeTelemetry
{
    /// <summary>An application's messages are durable, each in each of its queues.</summary>
    void Accepted(IReadOnlyList<Placed> placed);

    /// <summary>An application's Enqueue was refused.</summary>
    void Refused(WireCode code);
}
