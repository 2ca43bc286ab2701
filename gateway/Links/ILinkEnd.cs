using Gateway.Links.Protocol;

namespace Gateway.Links;

/// <summary>A link whose parts judge what the peer says on the connection.</summary>
internal interface ILinkEnd
{
    /// <summary>
    /// The connection cannot go on: it is given up at once, and a new one is made after a pause. Called on the loop; on return nothing of
    /// the connection is left.
    /// </summary>
    void GiveUp(LinkCause cause, string evidence);
}
