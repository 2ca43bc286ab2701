using Gateway.Transport.Dialing;

namespace Gateway.Tests.Transport.Dialing;

/// <summary>Takes what comes on sockets of links, and forgets it.</summary>
internal sealed class TakenAtOnce(LinkSockets sockets) : IReceived
{
    public void OnReceived(IReadOnlyList<byte[]> frames) => sockets.OnTaken();
}
