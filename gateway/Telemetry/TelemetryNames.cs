namespace Gateway.Telemetry;

/// <summary>
/// The attribute keys, named by OpenTelemetry's conventions, or with our own prefix where these have no name. NAMES.md lists their use.
/// </summary>
internal static class TelemetryNames
{
    /// <summary>The name of the meter and of the activity source.</summary>
    public const string Source = "Gateway";

    /// <summary>The prefix of our own names.</summary>
    public const string Prefix = "gateway";

    public const string System = "messaging.system";
    public const string OperationName = "messaging.operation.name";
    public const string OperationType = "messaging.operation.type";
    public const string Destination = "messaging.destination.name";
    public const string MessageId = "messaging.message.id";
    public const string BodySize = "messaging.message.body.size";
    public const string ErrorType = "error.type";

    public const string Peer = "gateway.peer";
    public const string Inlet = "gateway.inlet";
    public const string Outlet = "gateway.outlet";
    public const string QueueKind = "gateway.queue.kind";
    public const string LinkState = "gateway.link.state";
    public const string LinkCause = "gateway.link.cause";
    public const string Settlement = "gateway.settlement";
    public const string Reason = "gateway.dead_letter.reason";
    public const string Number = "gateway.sequence_number";
    public const string IsReplay = "gateway.is_replay";
    public const string Deliveries = "gateway.deliveries";
}
