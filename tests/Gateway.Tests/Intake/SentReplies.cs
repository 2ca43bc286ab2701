using Gateway.Client.Wire;
using Gateway.Inbox;

namespace Gateway.Tests.Intake;

/// <summary>An application that keeps what it is told.</summary>
internal sealed class SentReplies : List<Reply>, IReplies
{
    public void Send(Reply reply) => Add(reply);
}
