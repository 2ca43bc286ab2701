namespace Gateway.Links.Protocol;

/// <summary>The frames of a probe, a connection that measures and carries no message. PROTOCOL.md has the byte tables.</summary>
internal abstract record ProbeFrame
{
    /// <summary>The first frame: in whose name the caller asks, and the peer it means.</summary>
    /// <param name="SilentMs">The time for which the caller will be silent, and the other side must be as well; 0 for none.</param>
    public sealed record Probe(string From, string To, int SilentMs) : ProbeFrame;

    /// <summary>The positive answer to a probe.</summary>
    /// <param name="Version">The version of the program.</param>
    /// <param name="Back">The answering side's own link to the caller.</param>
    /// <param name="IsConnected">A welcomed connection of the caller's link stands at the answering side.</param>
    public sealed record Probed(string From, string Version, long ClockUnixMs, ProbedLink Back, bool IsConnected) : ProbeFrame;

    /// <summary>Asks for an answer.</summary>
    /// <param name="AnswerPadBytes">The padding that the answer is to have.</param>
    /// <param name="PadBytes">The padding of this frame.</param>
    public sealed record Echo(long Token, int AnswerPadBytes, int PadBytes) : ProbeFrame;

    /// <summary>The answer to an echo, with its token.</summary>
    public sealed record Echoed(long Token, int PadBytes) : ProbeFrame;

    /// <summary>Asks the other side to dial the caller, at the address that it has for it.</summary>
    public sealed record DialBack : ProbeFrame;

    /// <summary>The stage that the other side reached when it dialed the caller.</summary>
    /// <param name="Cause">None if it was reached.</param>
    public sealed record DialedBack(ProbeStage Stage, LinkCause Cause, string Text) : ProbeFrame;

    /// <summary>A limit of probes is reached. The connection is then useless.</summary>
    public sealed record ProbeOver(string Text) : ProbeFrame;

    /// <summary>A refusal, as of a hello. The connection is then useless.</summary>
    public sealed record Refused(RefusalCode Code, string Text) : ProbeFrame;
}

/// <summary>The answering side's own link to the caller.</summary>
/// <param name="Cause">The cause of the present state.</param>
internal sealed record ProbedLink(ProbedState State, LinkCause Cause, long SinceUnixMs, string Evidence);

/// <summary>The state of a link. The numbers are part of the protocol.</summary>
internal enum ProbedState : byte
{
    /// <summary>Messages flow.</summary>
    Up = 1,

    /// <summary>A connection is being made, or its hello is unanswered.</summary>
    Connecting = 2,

    /// <summary>There is no connection.</summary>
    Down = 3,

    /// <summary>An operator paused it.</summary>
    Paused = 4,
}

/// <summary>How far a way was gone. The numbers are part of the protocol.</summary>
internal enum ProbeStage : byte
{
    /// <summary>It was not tried.</summary>
    None = 0,

    /// <summary>The name was asked for, and has no address.</summary>
    Name = 1,

    /// <summary>TCP was tried, and there is no connection.</summary>
    Connect = 2,

    /// <summary>TLS failed.</summary>
    Tls = 3,

    /// <summary>The connection was made; no gateway answered on it.</summary>
    Greeting = 4,

    /// <summary>A gateway answered.</summary>
    Reached = 5,
}
