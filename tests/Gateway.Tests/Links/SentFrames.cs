using Gateway.Links.Protocol;

namespace Gateway.Tests.Links;

/// <summary>A connection that keeps what is sent on it.</summary>
internal sealed class SentFrames : List<LinkFrame>, ILinkOutput
{
    public void Send(LinkFrame frame) => Add(frame);
}
