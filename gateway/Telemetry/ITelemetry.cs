using Gateway.Inbox;
using Gateway.Intake;
using Gateway.Links.Causes;
using Gateway.Store;

namespace Gateway.Telemetry;

/// <summary>
/// Is told what happens on the whole of a message's way, so that metrics and traces can be made of it. Each room knows the part that it
/// reports to.
/// </summary>
internal interface ITelemetry : IIntakeTelemetry, IStoreTelemetry, ILinkTelemetry, IInboxTelemetry;
