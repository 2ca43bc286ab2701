using Gateway.Links.Protocol;

namespace Gateway.Tcp.Inlets;

/// <summary>
/// Hears of one program's connection. Called on the loop, and no more after <see cref="IProgramConnection.HangUp"/>, or once the connection
/// is lost.
/// </summary>
internal interface IProgram
{
    /// <summary>
    /// Whole frames have arrived, or pieces of a stream, in order; <see cref="IProgramConnection.Take"/> makes room for more.
    /// </summary>
    void OnFrames(IReadOnlyList<ReadOnlyMemory<byte>> frames);

    /// <summary>Nothing more comes from the program. Called once, after all frames.</summary>
    void OnInputEnded(InputEnd end);

    /// <summary>More bytes were written or acknowledged.</summary>
    /// <param name="written">Bytes handed to this host's TCP since the beginning.</param>
    /// <param name="acknowledged">Of these, acknowledged by the program's host, as far as this system tells.</param>
    void OnProgress(long written, long acknowledged);

    /// <summary>The connection is broken: nothing more is written. Called once, and last.</summary>
    /// <param name="cause"><see cref="LinkCause.ResetByPeer"/>, or <see cref="LinkCause.HalfOpen"/> if nothing was heard any more.</param>
    /// <param name="evidence">A clause for people.</param>
    void OnLost(LinkCause cause, string evidence);
}

/// <summary>Why nothing more comes from a program.</summary>
internal enum InputEndKind
{
    /// <summary>The program sends nothing more (FIN); it may still read.</summary>
    Finished,

    /// <summary>The connection is broken.</summary>
    Broken,

    /// <summary>The bytes are no frame.</summary>
    NotAFrame,

    /// <summary>The inlet has stopped reading.</summary>
    Stopped,

    /// <summary>Hardly anything comes of a large frame, and others wait for the memory that it holds.</summary>
    Stalled,
}

/// <summary>The end of the bytes of one program.</summary>
/// <param name="Piece">The bytes after the last whole frame; empty for what is no frame.</param>
/// <param name="Evidence">A clause for people.</param>
internal sealed record InputEnd(InputEndKind Kind, ReadOnlyMemory<byte> Piece, string Evidence);
