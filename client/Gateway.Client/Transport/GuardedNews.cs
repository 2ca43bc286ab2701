using Gateway.Client.Wire;
using Microsoft.Extensions.Logging;

namespace Gateway.Client.Transport;

/// <summary>Logs an exception of the handlers, and lets it go no further.</summary>
internal sealed partial class GuardedNews(IPeerNews handlers, ILogger logger) : IPeerNews
{
    /// <inheritdoc/>
    public void OnPeer(Reply.Peer peer)
    {
        try
        {
            handlers.OnPeer(peer);
        }
        catch (Exception e)
        {
            // The handler is application code: its failure must not end the client that the whole application shares.
            LogHandlerFailed(logger, e, peer.Name);
        }
    }
}
