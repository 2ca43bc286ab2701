using Gateway.Client.Wire;
using Gateway.Inbox;
using Gateway.Intake;
using Gateway.Transport.Accepting;

namespace Gateway.Composition;

/// <summary>Connects the applications' connections with the gateway's core.</summary>
internal sealed class ClientConversation(GatewayCore core) : IConversation
{
    public bool OnMessage(AcceptedConnection connection, IReadOnlyList<byte[]> frames)
    {
        var standing = core.OnClientFrames(connection.Name, frames, new Output(connection));
        if (standing == CallerStanding.Refused) connection.OnRefused();
        return standing == CallerStanding.Known;
    }

    public void OnLost(AcceptedConnection connection, AcceptedEnd end) => core.OnClientLost(connection.Name);

    private sealed class Output(AcceptedConnection connection) : IReplies
    {
        public void Send(Reply reply) => connection.Send(ReplyCodec.Encode(reply));
    }
}
