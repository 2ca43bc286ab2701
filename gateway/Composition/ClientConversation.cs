using Gateway.Client.Wire;
using Gateway.Transport.Accepting;

namespace Gateway.Composition;

/// <summary>Connects the applications' connections with the gateway's core.</summary>
internal sealed class ClientConversation(GatewayCore core) : IConversation
{
    public bool OnMessage(AcceptedConnection connection, IReadOnlyList<byte[]> frames) =>
        core.OnClientFrames(connection.Name, frames, reply => connection.Send(ReplyCodec.Encode(reply)));

    public void OnLost(AcceptedConnection connection, AcceptedEnd end) => core.OnClientLost(connection.Name);
}
