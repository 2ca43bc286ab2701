using Gateway.Inbox;
using Gateway.Intake;
using Gateway.Links.Causes;
using Gateway.Store;

namespace Gateway.Telemetry;

/// <summary>
/// Receives the events of a message's whole way, to make metrics and traces of them. Each room knows the part of this interface to which
/// it reports.
/// </summary>
internal interface ITelemetry : IIntakeTelemetry, IStoreTelemetry, ILinkTelemetry, IInboxTelemetry;
