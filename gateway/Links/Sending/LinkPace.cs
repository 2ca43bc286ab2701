namespace Gateway.Links.Sending;

/// <summary>
/// Limits the unacknowledged bytes on one connection by the peer's rate of acknowledgement: on a fast line everything the peer allows, at
/// once; on a slow one the amount it accepts in a few seconds. More would only wait in buffers on the way, be lost with the connection, and
/// delay every other frame. Pure; owned by its link.
/// </summary>
internal sealed class LinkPace
{
    /// <summary>The time within which bytes under way should be acknowledged.</summary>
    public static readonly TimeSpan UnderWayMax = TimeSpan.FromSeconds(4);

    /// <summary>The window grows while an acknowledgement takes less than this.</summary>
    public static readonly TimeSpan GrowsBelow = TimeSpan.FromSeconds(1);

    /// <summary>
    /// The initial window on an unknown line. It doubles with each round of acknowledgements and thus takes milliseconds to reach any
    /// window on a fast line.
    /// </summary>
    public const int StartBytes = 16 * 1024;

    public const int FloorBytes = 4 * 1024;

    /// <summary>The batches per window, so that acknowledgements keep coming.</summary>
    private const int BatchesPerWindow = 4;

    private bool _isFruitful = true;

    /// <summary>Unacknowledged bytes at which no further batch is sent.</summary>
    public int WindowBytes { get; private set; } = StartBytes;

    /// <summary>
    /// The rate last measured, in bytes per second, while sent bytes had to wait for their acknowledgement; null on a line not known to be
    /// slow.
    /// </summary>
    public double? SlowBytesPerSecond { get; private set; }

    /// <summary>The size of a batch.</summary>
    public int BatchBytes(int max) => Math.Min(max, WindowBytes / BatchesPerWindow);

    /// <summary>Begins a new connection, with more care after one on which nothing came through.</summary>
    public void Begin()
    {
        WindowBytes = _isFruitful ? StartBytes : Math.Max(FloorBytes, WindowBytes / 2);
        SlowBytesPerSecond = null;
        _isFruitful = false;
    }

    /// <param name="bytes">The bytes acknowledged.</param>
    /// <param name="underWay">All bytes unacknowledged just after the last of these was sent, these included.</param>
    /// <param name="age">The time since then.</param>
    public void OnAcknowledged(int bytes, int underWay, TimeSpan age)
    {
        _isFruitful = true;
        var isFull = underWay >= WindowBytes / 2;
        if (age > UnderWayMax) WindowBytes = (int)Math.Clamp(underWay * (UnderWayMax / age), FloorBytes, WindowBytes);
        else if (Shows(underWay, age)) WindowBytes = (int)Math.Min((long)WindowBytes + bytes, int.MaxValue);
        SlowBytesPerSecond = age >= GrowsBelow
            && isFull ? underWay / age.TotalSeconds : age < GrowsBelow && isFull ? null : SlowBytesPerSecond;
    }

    /// <summary>
    /// The line takes half of the window within a second, and has shown it with no less than a batch: messages that always come in
    /// pieces of the same size get a window in which each piece is one batch.
    /// </summary>
    private bool Shows(int underWay, TimeSpan age) => age < GrowsBelow
        && underWay >= WindowBytes / BatchesPerWindow && underWay >= WindowBytes / 2 * age.TotalSeconds;
}
