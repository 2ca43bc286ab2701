namespace Gateway.Telemetry;

/// <summary>
/// The keys of attributes, as OpenTelemetry's conventions name them, and under our own prefix what these do not know. NAMES.md lists where
/// each stands.
/// </summary>
internal static class TelemetryNames
{
    /// <summary>Of the meter and of the source of spans.</summary>
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
    public const string QueueKind = "gateway.queue.kind";
    public const string LinkState = "gateway.link.state";
    public const string LinkCause = "gateway.link.cause";
    public const string Settlement = "gateway.settlement";
    public const string Reason = "gateway.dead_letter.reason";
    public const string Number = "gateway.sequence_number";
    public const string IsReplay = "gateway.is_replay";
    public const string Deliveries = "gateway.deliveries";
}
