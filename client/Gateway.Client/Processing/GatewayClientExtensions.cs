using Microsoft.Extensions.Logging;

namespace Gateway.Client.Processing;

/// <summary>Processors of a client.</summary>
public static class GatewayClientExtensions
{
    /// <summary>Creates a processor of a local queue, which does nothing until it is started.</summary>
    /// <param name="client">The client that receives the messages; dispose of it after the processor.</param>
    /// <param name="queue">The local queue.</param>
    /// <param name="options">How messages are handled; null for the defaults.</param>
    /// <param name="logger">Told of each outcome; null for none.</param>
    /// <param name="time">The clock; null for that of the system.</param>
    public static GatewayProcessor CreateProcessor(
        this GatewayClient client, string queue, GatewayProcessorOptions? options = null, ILogger<GatewayProcessor>? logger = null,
        TimeProvider? time = null) => new(client, queue, options, logger, time);
}
