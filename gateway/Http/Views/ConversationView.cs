using Gateway.Links.Protocol;
using Gateway.Tcp;

namespace Gateway.Http.Views;

/// <summary>One connection of a program: to an inlet, or made by an outlet.</summary>
/// <param name="Id">The conversation, as in the messages' header <c>tcp-conversation</c>; empty for a connection that serves all.</param>
/// <param name="Remote">The program's address and port.</param>
/// <param name="Cause">Why it does not go on at the moment; null if it does.</param>
internal sealed record ConversationView(
    string Id, string Remote, DateTimeOffset Since, LinkCause? Cause, string Evidence,
    long FramesIn, long BytesIn, long FramesOut, long BytesOut)
{
    public static ConversationView Of(ConversationStatus status) => new(status.Id, status.Remote, status.Since.ToUniversalTime(),
        LinkView.CodeOf(status.Cause), status.Evidence, status.FramesIn, status.BytesIn, status.FramesOut, status.BytesOut);
}
