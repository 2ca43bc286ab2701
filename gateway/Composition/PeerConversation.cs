using Gateway.Links.Protocol;
using Gateway.Transport.Accepting;

namespace Gateway.Composition;

/// <summary>Connects the peers' connections with the gateway's core.</summary>
internal sealed class PeerConversation(GatewayCore core) : IConversation
{
    public bool OnMessage(AcceptedConnection connection, IReadOnlyList<byte[]> frames) =>
        core.OnPeerFrame(connection.Name, frames[^1], connection.Names, new Output(connection));

    public void OnLost(AcceptedConnection connection, AcceptedEnd end) => core.OnPeerLost(connection.Name, end.Cause, end.Evidence);

    private sealed class Output(AcceptedConnection connection) : IProbeOutput
    {
        public long WaitingBytes => connection.OutputBytes;

        public void Send(LinkFrame frame) => connection.Send([LinkCodec.Encode(frame)]);

        public void Send(ProbeFrame frame) => connection.Send([ProbeCodec.Encode(frame)]);

        public void KeepQuiet(TimeSpan time) => connection.KeepQuiet(time);

        public void HangUp() => connection.GiveUp();
    }
}
