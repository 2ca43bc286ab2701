using System.Net.Sockets;

namespace Gateway.Transport.Plain;

/// <summary>
/// How many of the bytes written to one connection the other host has acknowledged. Made just after the connection, before anything is
/// written. Used by one thread at a time.
/// </summary>
internal sealed class AcknowledgedBytes(Socket socket, TimeProvider time)
{
    /// <summary>Where only bytes in flight are told: for so long there was none, and the other side would have taken some.</summary>
    private static readonly TimeSpan _quietFor = TimeSpan.FromMilliseconds(200);

    private readonly long? _before = TcpFigures.Read(socket)?.Acknowledged;
    private long _upTo;
    private long? _quietSince;
    private long _writtenWhenQuiet;
    private long? _untoldSince;

    /// <summary>The last figures; null before the first question, and while the system tells none.</summary>
    public TcpFigures? Figures { get; private set; }

    /// <summary>The system tells of this connection, as far as is known.</summary>
    public bool IsTold => _before is not null && _untoldSince is null;

    /// <summary>For so long the system has told nothing of the connection, of which it told before.</summary>
    public TimeSpan UntoldFor => _untoldSince is { } since ? time.GetElapsedTime(since) : TimeSpan.Zero;

    /// <summary>Asks the system; the last answer, if it tells nothing any more.</summary>
    /// <param name="written">The bytes handed to TCP.</param>
    public long Read(long written)
    {
        // Without the figure of the beginning the others mean nothing.
        if (_before is not { } before) return _upTo;
        Figures = TcpFigures.Read(socket);
        if (Figures is not { } figures)
        {
            _untoldSince ??= time.GetTimestamp();
            return _upTo;
        }

        _untoldSince = null;
        var acknowledged = Math.Min(figures.Acknowledged - before, written);
        if (acknowledged < written && IsQuiet(figures, written)) acknowledged = written;
        return _upTo = Math.Max(_upTo, acknowledged);
    }

    /// <summary>
    /// Nothing is in flight, though the other side has room: then nothing waits to be sent. A moment may lie between a write and its
    /// sending.
    /// </summary>
    private bool IsQuiet(TcpFigures figures, long written)
    {
        if (figures is not { InFlight: 0, Window: > 0, IsClosed: false } || (_quietSince is not null && _writtenWhenQuiet != written))
        {
            _quietSince = null;
            return false;
        }

        _writtenWhenQuiet = written;
        _quietSince ??= time.GetTimestamp();
        return time.GetElapsedTime(_quietSince.Value) >= _quietFor;
    }
}
