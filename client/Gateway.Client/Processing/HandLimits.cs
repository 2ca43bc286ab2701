namespace Gateway.Client.Processing;

/// <summary>How much a processor may have in hand.</summary>
/// <param name="HandledMax">Handlers that run at once.</param>
/// <param name="WaitingMax">Messages that wait for another one of their key.</param>
/// <param name="WaitMax">How long a message waits for others of its key without progress before it is given back.</param>
internal readonly record struct HandLimits(int HandledMax, int WaitingMax, TimeSpan WaitMax)
{
    /// <summary>Messages whose settlement is under way beside the running handlers, for each handler.</summary>
    private const int SettlingPerHandler = 4;
    private const int SettlingLeast = 64;

    /// <summary>Keys that wait for the retry of a message; with more of them, nothing new is received until one is due.</summary>
    public const int ParkedMax = 10_000;

    /// <summary>
    /// Messages beyond a full hand that may be received while one is due to come back. That one is the first that the gateway delivers,
    /// unless other consumers have given back earlier ones.
    /// </summary>
    public const int ReturnRoom = 64;

    /// <summary>Messages whose handler has ended and whose settlement the gateway has not confirmed.</summary>
    public int SettlingMax => Math.Max(SettlingLeast, HandledMax * SettlingPerHandler);

    /// <summary>Messages that are handled, wait or are being settled.</summary>
    public int HandMax => HandledMax + SettlingMax + WaitingMax;
}
