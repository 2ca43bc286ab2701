namespace Gateway.Tcp;

/// <summary>The names that inlets and outlets use in messages; described in PROTOCOL.md beside this file.</summary>
internal static class TcpNames
{
    /// <summary>The inlet that took the message.</summary>
    public const string Inlet = "tcp-inlet";

    /// <summary>The conversation that the message belongs to.</summary>
    public const string Conversation = "tcp-conversation";

    /// <summary>
    /// The number of the frame in its conversation and direction, from 1; of the end of a conversation, the number that the next frame
    /// would have had.
    /// </summary>
    public const string Frame = "tcp-frame";

    /// <summary>The address and port of the program at the inlet.</summary>
    public const string From = "tcp-from";

    /// <summary>The destination for what the far program sends: <c>queue@gateway</c>.</summary>
    public const string Reply = "tcp-reply";

    /// <summary>
    /// What the inlet answers: <see cref="AnswerNothing"/>, <see cref="AnswerFixed"/> or <see cref="AnswerFar"/>.
    /// </summary>
    public const string Answer = "tcp-answer";

    public const string AnswerNothing = "nothing";

    public const string AnswerFixed = "fixed";

    /// <summary>The program waits for the answer of the far one.</summary>
    public const string AnswerFar = "far";

    /// <summary>The outlet that sends the reply.</summary>
    public const string Outlet = "tcp-outlet";

    /// <summary><see cref="FramingStream"/> of all messages of a stream from an inlet; other framings are not told.</summary>
    public const string Framing = "tcp-framing";

    public const string FramingStream = "stream";

    /// <summary>
    /// Of a message without a body: <see cref="Began"/>, <see cref="Finished"/>, <see cref="WasReset"/> or <see cref="NewRun"/>.
    /// </summary>
    public const string Event = "tcp-event";

    /// <summary>The conversation has begun. Only for a stream, in which the far program may speak first.</summary>
    public const string Began = "began";

    /// <summary>This side sends nothing more (FIN).</summary>
    public const string Finished = "finished";

    /// <summary>The connection was reset, or its gateway lost it.</summary>
    public const string WasReset = "reset";

    /// <summary>The inlet's gateway was restarted: all conversations of its earlier runs are over.</summary>
    public const string NewRun = "restarted";

    /// <summary>The suffix of the queue through which replies come back to an inlet.</summary>
    public const string RepliesSuffix = ".replies";

    public static string RepliesOf(string inlet) => inlet + RepliesSuffix;
}
