namespace Gateway;

/// <summary>
/// The time as the gateway's loop sees it: taken once an event, and never going back, so that a message found expired at one point is expired at every later one.
/// Owned by the loop; the state machines read it.
/// </summary>
internal sealed class LoopClock
{
    public DateTimeOffset Now { get; private set; }

    public long NowUnixMs => Now.ToUnixTimeMilliseconds();

    public void Advance(DateTimeOffset time)
    {
        if (time > Now) Now = time;
    }
}
