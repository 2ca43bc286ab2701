namespace Gateway.Links;

/// <summary>
/// How much may be unacknowledged on one connection, by what the peer acknowledges: on a fast line all that the peer allows, at once; on a
/// slow one what it takes in a few seconds. More would only wait in buffers between the two, be lost with the connection, and keep every
/// other frame waiting behind it. Pure; owned by its link.
/// </summary>
internal sealed class LinkPace
{
    /// <summary>What is under way has to be acknowledged within about so long.</summary>
    public static readonly TimeSpan UnderWayMax = TimeSpan.FromSeconds(4);

    /// <summary>As long as an acknowledgement takes less, there may be more under way.</summary>
    public static readonly TimeSpan GrowsBelow = TimeSpan.FromSeconds(1);

    /// <summary>
    /// A line of which nothing is known yet is filled so far; it doubles with each round of acknowledgements, and so takes milliseconds to
    /// reach any window on a fast one.
    /// </summary>
    public const int StartBytes = 16 * 1024;

    public const int FloorBytes = 4 * 1024;

    /// <summary>Batches of which so many make a window keep acknowledgements coming.</summary>
    private const int BatchesPerWindow = 4;

    private bool _isFruitful = true;

    /// <summary>Unacknowledged bytes at which no further batch is sent.</summary>
    public int WindowBytes { get; private set; } = StartBytes;

    /// <summary>
    /// Bytes in a second, as last measured, when what was sent had to wait for its acknowledgement; null on a line that is not known to be
    /// slow.
    /// </summary>
    public double? SlowBytesPerSecond { get; private set; }

    /// <summary>The size of a batch.</summary>
    public int BatchBytes(int max) => Math.Min(max, WindowBytes / BatchesPerWindow);

    /// <summary>A new connection. One on which nothing came through makes the next more careful.</summary>
    public void Begin()
    {
        WindowBytes = _isFruitful ? StartBytes : Math.Max(FloorBytes, WindowBytes / 2);
        SlowBytesPerSecond = null;
        _isFruitful = false;
    }

    /// <param name="bytes">Acknowledged.</param>
    /// <param name="underWay">All that was unacknowledged just after the last of it was sent, itself included.</param>
    /// <param name="age">Since then.</param>
    public void OnAcknowledged(int bytes, int underWay, TimeSpan age)
    {
        _isFruitful = true;
        var isFull = underWay >= WindowBytes / 2;
        if (age > UnderWayMax) WindowBytes = (int)Math.Clamp(underWay * (UnderWayMax / age), FloorBytes, WindowBytes);
        else if (age < GrowsBelow && isFull) WindowBytes = (int)Math.Min((long)WindowBytes + bytes, int.MaxValue);
        SlowBytesPerSecond = age >= GrowsBelow
            && isFull ? underWay / age.TotalSeconds : age < GrowsBelow && isFull ? null : SlowBytesPerSecond;
    }
}
