using Gateway.Client.Pacing;
using Gateway.Links.Causes;
using Gateway.Links.Protocol;

namespace Gateway.Tcp.Outlets;

/// <summary>
/// What an outlet remembers of its target: the program that listened, how its last connection ended, and what was in doubt then. So it
/// knows when to try again, and can say at the return why there was no connection. Owned by its outlet.
/// </summary>
internal sealed class TargetMemory(OutletSettings settings, OutletCounters counters, LoopClock clock, Random random)
{
    /// <summary>A connection that has lived so long, or delivered something, ends the growth of the pauses between attempts.</summary>
    private static readonly TimeSpan _stableAfter = TimeSpan.FromSeconds(10);

    private readonly OutletDoubt _doubt = new(settings.Queue, counters);
    private readonly Backoff _backoff = new(settings.BackoffMin, settings.BackoffMax, random);
    private TimeSpan _wait;
    private TargetEnd? _lastEnd;
    private TargetProgram? _program;

    /// <summary>How often the wall clock had been set back when the program was looked at.</summary>
    private int _setbacks;

    /// <summary>The end of the connection has delivered something.</summary>
    private bool _isDeliveredAtEnd;

    /// <summary>
    /// The program that listens there; null if that is not known. Once the wall clock was set back, the time of its start is by a clock
    /// that was wrong: it is left out until the program is looked at again.
    /// </summary>
    public TargetProgram? Program => _setbacks == clock.Setbacks || _program is null ? _program : _program with { Started = null };

    public void OnSent(OutletMessage message) => _doubt.OnSent(message);

    /// <summary>
    /// The connections in a row that ended with messages sent on them and not delivered, none of which delivered anything while it stood.
    /// </summary>
    public int Fruitless { get; private set; }

    /// <summary>
    /// So many of them are no accident. A target that closes after each message resets what was sent behind that one: as long as it is so,
    /// one message at a time is sent.
    /// </summary>
    public bool IsCareful => settings.ReplayWindow > TimeSpan.Zero && Fruitless >= OutletStatus.FruitlessMax;

    public void OnDelivered(TargetLine line, OutletMessage message)
    {
        _wait = TimeSpan.Zero;
        if (message.Body.IsEmpty) return;
        if (line.IsLeft) _isDeliveredAtEnd = true;
        else Fruitless = 0;
    }

    /// <summary>A connection has ended, or could not be made.</summary>
    /// <param name="left">The messages on it that are not delivered, in the order of the queue.</param>
    /// <returns>Those of them that the target may have had.</returns>
    public IReadOnlyList<InDoubt> OnEnded(TargetEnd end, IReadOnlyList<OutletMessage> left)
    {
        var inDoubt = _doubt.Add(left, end);
        if (inDoubt.Count > 0 || _isDeliveredAtEnd) Fruitless++;
        _isDeliveredAtEnd = false;
        return inDoubt;
    }

    /// <summary>When the next attempt may be made after the end of a connection, or of the attempt to make it.</summary>
    public TimeSpan RetryAfter(TargetLine line, TargetEnd end)
    {
        _lastEnd ??= end;
        if (line.Remote.Length > 0)
        {
            _lastEnd = end;
            if (clock.Uptime - line.UpSince >= _stableAfter) _wait = TimeSpan.Zero;
        }

        _wait = _backoff.Next(_wait);
        return clock.Uptime + _wait;
    }

    /// <summary>Another process listens than before.</summary>
    public bool IsReplaced(TargetProgram? program) => program is not null && _program is not null && program.IsOtherThan(_program);

    /// <summary>A connection stands again. Returns why there was none, as far as its return shows; empty if it is the first.</summary>
    public (LinkCause Cause, string Evidence) OnUp(TargetProgram? program)
    {
        var why = Explain(program);
        _lastEnd = null;
        if (program is not null) (_program, _setbacks) = (program, clock.Setbacks);
        return why;
    }

    private (LinkCause Cause, string Evidence) Explain(TargetProgram? program)
    {
        var doubt = _doubt.Count switch
        {
            0 => "",
            1 => "; 1 frame was in doubt, sent again",
            var frames => $"; {Figures.Count(frames)} frames were in doubt, sent again",
        };
        if (IsReplaced(program)) return (LinkCause.PeerRestarted, $"{_program!.Short} was replaced by {program}{doubt}");
        if (_lastEnd is not { } end) return (LinkCause.None, "");
        var same = program is null || _program is null ? "" : $"; {program} is the same program as before";
        var often = Fruitless < OutletStatus.FruitlessMax ? "" : $"; {Fruitless} connections in a row ended before a message was delivered";
        return (end.Cause, $"{end.Evidence}{same}{doubt}{often}");
    }
}
