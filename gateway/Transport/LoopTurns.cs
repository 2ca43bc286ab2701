namespace Gateway.Transport;

/// <summary>
/// Measures how long the loop works on one thing before it looks at the others. A queue being drained ends its turn when the time is over
/// and continues in the next one. The longest turn is remembered, so that a pause of this process can be distinguished from one of the
/// network. Owned by the loop.
/// </summary>
internal sealed class LoopTurns(TimeProvider time)
{
    /// <summary>Long enough for thousands of small events, and far shorter than any timeout.</summary>
    public static readonly TimeSpan LengthMax = TimeSpan.FromMilliseconds(10);

    private static readonly TimeSpan _window = TimeSpan.FromMinutes(1);

    private long _began;
    private int _depth;
    private long _windowBegan = time.GetTimestamp();
    private TimeSpan _longestBefore;
    private TimeSpan _longestNow;

    /// <summary>The current turn has used its time.</summary>
    public bool IsOver => time.GetElapsedTime(_began) >= LengthMax;

    /// <summary>The longest turn of the last one to two minutes.</summary>
    public TimeSpan LongestOfLate
    {
        get
        {
            Roll(time.GetTimestamp());
            return _longestNow > _longestBefore ? _longestNow : _longestBefore;
        }
    }

    /// <summary>Begins a turn; a nested turn is part of the outer one.</summary>
    public void Begin()
    {
        if (_depth++ == 0) _began = time.GetTimestamp();
    }

    public void End()
    {
        Invariant.Require(_depth > 0, "a turn ends once");
        if (--_depth > 0) return;
        var now = time.GetTimestamp();
        var took = time.GetElapsedTime(_began, now);
        if (took <= _longestNow) return;
        Roll(now);
        if (took > _longestNow) _longestNow = took;
    }

    private void Roll(long now)
    {
        var passed = time.GetElapsedTime(_windowBegan, now);
        if (passed < _window) return;
        _longestBefore = passed < 2 * _window ? _longestNow : TimeSpan.Zero;
        _longestNow = TimeSpan.Zero;
        _windowBegan = now;
    }
}
