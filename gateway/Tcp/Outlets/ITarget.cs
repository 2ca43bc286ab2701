using Gateway.Links.Protocol;

namespace Gateway.Tcp.Outlets;

/// <summary>Hears of one connection of an outlet. Called on the loop, and no more after it has hung up or lost the connection.</summary>
internal interface ITarget
{
    /// <param name="remote">The address and port connected to.</param>
    /// <param name="program">The program that listens there; null if that cannot be known.</param>
    void OnConnected(string remote, TargetProgram? program);

    /// <summary>More bytes were written or acknowledged.</summary>
    void OnProgress(TargetProgress progress);

    /// <summary>
    /// Whole frames have arrived, or pieces of a stream, in order; <see cref="ITargetConnection.Take"/> makes room for more.
    /// </summary>
    void OnFrames(IReadOnlyList<ReadOnlyMemory<byte>> frames);

    /// <summary>The target sends nothing more (FIN); it may still read.</summary>
    void OnFinished();

    /// <summary>The answer to <see cref="ITargetConnection.Examine"/>.</summary>
    /// <param name="evidence">A clause on what the connection waits for; empty if the system does not tell.</param>
    void OnExamined(TargetProgram? program, string evidence);

    /// <summary>The connection has ended, or could not be made.</summary>
    void OnLost(TargetEnd end);
}

/// <summary>How far a connection is, in bytes since it was made.</summary>
/// <param name="Written">Handed to this host's TCP.</param>
/// <param name="Acknowledged">Of these, acknowledged by the TCP of the target's host.</param>
internal readonly record struct TargetProgress(long Written, long Acknowledged);

/// <summary>The end of a connection, or of the attempt to make it.</summary>
/// <param name="Progress">The final figures.</param>
/// <param name="Program">The program that listens on the port now; null if none does or that cannot be known.</param>
internal sealed record TargetEnd(LinkCause Cause, string Evidence, TargetProgress Progress, TargetProgram? Program);
