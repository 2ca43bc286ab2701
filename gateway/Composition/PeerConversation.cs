using Gateway.Links.Protocol;
using Gateway.Transport.Accepting;

namespace Gateway.Composition;

/// <summary>Connects the peers' connections with the gateway's core.</summary>
internal sealed class PeerConversation(GatewayCore core) : IConversation
{
    public bool OnMessage(AcceptedConnection connection, IReadOnlyList<byte[]> frames) =>
        core.OnPeerFrame(connection.Name, frames[^1], connection.Names, new Output(connection));

    public void OnLost(AcceptedConnection connection, AcceptedEnd end) => core.OnPeerLost(connection.Name, end.Cause, end.Evidence);

    private sealed class Output(AcceptedConnection connection) : ILinkOutput
    {
        public void Send(LinkFrame frame) => connection.Send([LinkCodec.Encode(frame)]);
    }
}
