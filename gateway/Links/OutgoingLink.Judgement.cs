namespace Gateway.Links;

/// <summary>
/// A link's judgement of its connections: whether they achieved anything, and whether this gateway itself caused their end.
/// </summary>
internal sealed partial class OutgoingLink
{
    /// <summary>The measured bytes per second while messages wait for a slow line; null if it is not slow, or nothing waits.</summary>
    public double? SlowBytesPerSecond => Status.State == LinkState.Up && _queues.OutstandingMessages > 0 ? _pace.SlowBytesPerSecond : null;

    /// <summary>
    /// How long this gateway was recently suspended while the link was up, if long enough for a peer to give it up; null otherwise.
    /// </summary>
    private TimeSpan? OwnPause
    {
        get
        {
            var (upFor, lately) = (_clock.Uptime - _upSince, 2 * _settings.DeadAfter);
            return _clock.PausedWithin(upFor < lately ? upFor : lately) is var pause && pause >= _settings.DeadAfter / 2 ? pause : null;
        }
    }

    private void OnRefused(LinkFrame.Refused refused)
    {
        var evidence = $"the peer refused ({refused.Code}): {refused.Text}";
        if (refused.Code == RefusalCode.Silent && OwnPause is not null) Drop(LinkCause.OwnPause, evidence);
        else Drop(CauseOf(refused.Code), evidence);
    }

    /// <summary>The peer processes messages sent, or none were sent: the count of fruitless connections is reset.</summary>
    private void OnAnswered(int acknowledgedBytes = 0)
    {
        _tally.OnAnswered(acknowledgedBytes);
        if (Status.Fruitless > 0) SetStatus(Status.State, Status.Cause, _lastEnd?.Evidence ?? Status.Evidence);
    }

    private static string Times(int connections) =>
        connections == 1 ? "the last connection ended" : $"{connections} connections in a row ended";
}
