using Gateway.Client.Wire;
using Gateway.Store.Messages;

namespace Gateway.Configuration;

/// <summary>How the messages of one route are spread over its destinations.</summary>
internal sealed class SpreadOptions
{
    /// <summary>A copy to each destination, each message to one that is up and has little waiting, or one for each key.</summary>
    public RouteMode Mode { get; set; } = RouteMode.Copy;

    /// <summary>The header with the key of a message, for <see cref="RouteMode.Partition"/>; the default is that of the client.</summary>
    public string Header { get; set; } = MessageKey.Header;
}
