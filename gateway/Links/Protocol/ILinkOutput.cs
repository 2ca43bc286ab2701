namespace Gateway.Links.Protocol;

/// <summary>The way to the gateway at the other end of one connection.</summary>
internal interface ILinkOutput
{
    /// <summary>
    /// Sends a frame after the earlier ones. Called on the loop; never blocks. The frame has not left yet on return, and a connection that
    /// has ended drops it: only an acknowledgement of the other side proves its arrival.
    /// </summary>
    void Send(LinkFrame frame);
}
