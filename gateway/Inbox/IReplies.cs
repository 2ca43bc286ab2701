using Gateway.Client.Wire;

namespace Gateway.Inbox;

/// <summary>The way back to one application.</summary>
internal interface IReplies
{
    /// <summary>
    /// Sends a reply after the earlier ones. Called on the loop; never blocks. The reply has not left yet on return, and a connection that
    /// has ended drops it.
    /// </summary>
    void Send(Reply reply);
}
