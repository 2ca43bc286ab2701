using Gateway.Client.Wire;
using Gateway.Store.Commands;

namespace Gateway.Intake;

/// <summary>
/// Observes the enqueue requests of applications, on the loop. Each method returns at once, throws nothing, and allocates nothing for a
/// message that is not traced.
/// </summary>
internal interface IIntakeTelemetry
{
    /// <summary>An application's messages are durable in all their queues.</summary>
    void Accepted(IReadOnlyList<Placed> placed);

    /// <summary>An application's enqueue request was rejected.</summary>
    void Refused(WireCode code);
}
