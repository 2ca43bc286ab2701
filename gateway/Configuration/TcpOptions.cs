using Gateway.Tcp;

namespace Gateway.Configuration;

/// <summary>Inlets and outlets for programs that speak plain TCP and know nothing of the gateway.</summary>
internal sealed class TcpOptions
{
    /// <summary>The listeners whose frames become messages, by name.</summary>
    [Live]
    public Dictionary<string, InletOptions> Inlets { get; set; } = [];

    /// <summary>The connections into which inbound queues are emptied, by name.</summary>
    [Live]
    public Dictionary<string, OutletOptions> Outlets { get; set; } = [];

    /// <summary>The settings of valid options.</summary>
    /// <param name="bodyBytesMax">The largest body, which bounds each frame.</param>
    internal TcpSettings ToSettings(int bodyBytesMax) => new(
        [.. Inlets.OrderBy(inlet => inlet.Key, StringComparer.Ordinal).Select(inlet => inlet.Value.ToSettings(inlet.Key, bodyBytesMax))],
        [.. Outlets.OrderBy(outlet => outlet.Key, StringComparer.Ordinal)
            .Select(outlet => outlet.Value.ToSettings(outlet.Key, bodyBytesMax))]);
}
