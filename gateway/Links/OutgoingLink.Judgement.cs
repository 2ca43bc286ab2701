namespace Gateway.Links;

/// <summary>
/// What a link makes of its connections: whether anything came of them, and whether this gateway itself was why they ended.
/// </summary>
internal sealed partial class OutgoingLink
{
    /// <summary>Bytes a second, as measured, while messages wait for a line that is slow; null when it is not, or nothing waits.</summary>
    public double? SlowBytesPerSecond => Status.State == LinkState.Up && _queues.OutstandingMessages > 0 ? _pace.SlowBytesPerSecond : null;

    /// <summary>
    /// How long this gateway stood still of late, while the link was up, if that was long enough for a peer to give it up; null otherwise.
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

    /// <summary>The peer deals with what was sent, or nothing was: what earlier connections came to is over.</summary>
    private void OnAnswered(int acknowledgedBytes = 0)
    {
        _tally.OnAnswered(acknowledgedBytes);
        if (Status.Fruitless > 0) SetStatus(Status.State, Status.Cause, _lastEnd?.Evidence ?? Status.Evidence);
    }

    private static string Times(int connections) =>
        connections == 1 ? "the last connection ended" : $"{connections} connections in a row ended";
}
