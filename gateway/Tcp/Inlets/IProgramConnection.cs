namespace Gateway.Tcp.Inlets;

/// <summary>The connection of one program. Called on the loop; nothing blocks.</summary>
internal interface IProgramConnection
{
    /// <summary>All bytes that have arrived, frames or not.</summary>
    long Arrived { get; }

    /// <summary>So many frames with so many bytes are dealt with: as much more may be read.</summary>
    void Take(int frames, long bytes);

    /// <summary>Reads nothing until <see cref="LetGo"/>, or until it stops reading. Nothing if it is so.</summary>
    void Hold();

    void LetGo();

    /// <summary>
    /// Reads no more than what has arrived by now. <see cref="IProgram.OnInputEnded"/> follows, unless it came already.
    /// </summary>
    void StopReading();

    /// <summary>Writes after all that was written before. The caller leaves the bytes as they are.</summary>
    void Write(ReadOnlyMemory<byte> bytes);

    /// <summary>Ends this direction (FIN) after all that was written.</summary>
    void Finish();

    /// <summary>Ends the connection; nothing is reported any more.</summary>
    /// <param name="isReset">By a reset. Otherwise in an orderly way, and what was written still leaves.</param>
    void HangUp(bool isReset);
}
