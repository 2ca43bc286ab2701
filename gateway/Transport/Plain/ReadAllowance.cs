namespace Gateway.Transport.Plain;

/// <summary>
/// How many bytes of one connection may be with the loop: a reader waits while they are too many, and TCP holds the other side back.
/// </summary>
/// <param name="largest">The largest frame, for which there is always room.</param>
internal sealed class ReadAllowance(int largest)
{
    private const int BytesMin = 256 * 1024;

    private readonly WakeSignal _more = new();
    private readonly int _max = Math.Max(BytesMin, largest);
    private int _held;
    private volatile bool _isShut;

    /// <summary>More bytes may be handed over. Called by the reader.</summary>
    public bool HasRoom => !_isShut && Volatile.Read(ref _held) < _max;

    /// <summary>There is no room until <see cref="Open"/>. Any thread.</summary>
    public void Shut() => _isShut = true;

    public void Open()
    {
        _isShut = false;
        _more.Set();
    }

    /// <summary>The loop is done with so many bytes. Any thread.</summary>
    public void Give(int bytes)
    {
        if (Interlocked.Add(ref _held, -bytes) < _max) _more.Set();
    }

    /// <summary>Counts bytes handed to the loop. Called by the reader.</summary>
    public void Take(int bytes) => Interlocked.Add(ref _held, bytes);

    /// <summary>Returns when more bytes may be handed over. Called by the reader.</summary>
    /// <exception cref="OperationCanceledException">The connection has ended.</exception>
    public async ValueTask AwaitRoomAsync(CancellationToken over)
    {
        while (!HasRoom) await _more.WaitAsync(over);
    }

    /// <summary>Counts bytes handed to the loop, and returns when more may be. Called by the reader.</summary>
    /// <exception cref="OperationCanceledException">The connection has ended.</exception>
    public ValueTask HandOverAsync(int bytes, CancellationToken over)
    {
        Take(bytes);
        return AwaitRoomAsync(over);
    }
}
