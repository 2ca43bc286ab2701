using Gateway.Tcp.Framing;

namespace Gateway.Tcp;

/// <summary>What an inlet writes to a program for its frames.</summary>
internal enum InletAnswer
{
    /// <summary>Nothing of its own.</summary>
    Nothing,

    /// <summary>Fixed bytes for each frame, once it is durable.</summary>
    Fixed,

    /// <summary>The answer of the far program, which comes back as a message.</summary>
    Far,
}

/// <summary>What becomes of a reply to a conversation that has ended.</summary>
internal enum UnclaimedReplies
{
    /// <summary>It becomes a dead letter with the reason.</summary>
    DeadLetter,

    /// <summary>It is written to the next conversation from the same host; while there is none, it waits.</summary>
    NextConversation,
}

/// <summary>One inlet: a listener for programs that know nothing of the gateway, whose frames become messages. Immutable.</summary>
/// <param name="Name">Its name in the configuration.</param>
/// <param name="Address">Where it listens: <c>tcp://IP:PORT</c>.</param>
/// <param name="Destination">Where the messages go: <c>queue@peer</c>, or a bare queue, as an application writes it.</param>
internal sealed record InletSettings(string Name, string Address, string Destination, FrameFormat Format)
{
    public InletAnswer Answer { get; init; } = InletAnswer.Nothing;

    /// <summary>The bytes of <see cref="InletAnswer.Fixed"/>.</summary>
    public ByteText AnswerBytes { get; init; }

    public UnclaimedReplies Unclaimed { get; init; } = UnclaimedReplies.DeadLetter;

    /// <summary>Null for plain text.</summary>
    public InletTls? Tls { get; init; }

    /// <summary>
    /// The end of each conversation is sent as an empty message, so that an outlet can close the connection that belongs to it. Always so
    /// for <see cref="FrameFormat.Stream"/>.
    /// </summary>
    public bool SendsEnds { get; init; } = true;

    /// <summary>Conversations open at once; a further connection is closed on arrival.</summary>
    public int ConnectionsMax { get; init; } = 1000;

    /// <summary>Of these, from one address.</summary>
    public int ConnectionsPerAddressMax { get; init; } = 256;

    /// <summary>A conversation in which nothing moves for so long is closed; zero for never.</summary>
    public TimeSpan IdleTimeout { get; init; } = TimeSpan.Zero;

    /// <summary>A program that takes none of the bytes written to it for so long loses its conversation.</summary>
    public TimeSpan WriteTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>A program has been held back for so long that the inlet tells it as a cause.</summary>
    public TimeSpan HeldBackTold { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>The queue of this gateway through which replies come back.</summary>
    public string ReplyQueue => TcpNames.RepliesOf(Name);
}
