namespace Gateway.Tcp.Outlets;

/// <summary>One connection of an outlet, or the attempt to make it. Called on the loop; nothing blocks.</summary>
internal interface ITargetConnection
{
    /// <summary>Writes after all that was written before. The caller bounds what is under way, and leaves the bytes as they are.</summary>
    void Write(ReadOnlyMemory<byte> bytes);

    /// <summary>Ends this direction (FIN) after all that was written.</summary>
    void Finish();

    /// <summary>Frames of so many bytes are dealt with: as many more may be read.</summary>
    void Take(int bytes);

    /// <summary>Asks who listens there and what the connection waits for; the answer comes to <see cref="ITarget.OnExamined"/>.</summary>
    void Examine();

    /// <summary>Ends the connection; nothing is reported any more.</summary>
    /// <param name="isReset">By a reset. Otherwise in an orderly way, and what was written still leaves.</param>
    void HangUp(bool isReset);
}
