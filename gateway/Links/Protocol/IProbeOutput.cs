namespace Gateway.Links.Protocol;

/// <summary>The way to the other end of an accepted connection, which may be a link's or a probe's.</summary>
internal interface IProbeOutput : ILinkOutput
{
    /// <summary>The bytes sent and not yet taken by the system. Called on the loop.</summary>
    long WaitingBytes { get; }

    /// <summary>Sends a frame after the earlier ones. Called on the loop; never blocks, and a connection that has ended drops it.</summary>
    void Send(ProbeFrame frame);

    /// <summary>The connection asks the other side for no sign of life for so long. Called on the loop.</summary>
    void KeepQuiet(TimeSpan time);

    /// <summary>Ends the connection. Called on the loop; its loss is reported later.</summary>
    void HangUp();
}
