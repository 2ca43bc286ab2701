namespace Gateway.Transport;

/// <summary>
/// A timeout that progress extends: moving bytes extend it by a second per <see cref="ConnectionPatience.SlowestBytesPerSecond"/>, up to
/// the whole patience from then. One thread begins it, ends it and reports the bytes; any other may read it.
/// </summary>
/// <param name="time">A clock that stands still while the process does.</param>
internal sealed class ProgressLimit(TimeSpan patience, PatientTime time)
{
    private long _until;

    public bool IsRunning => Volatile.Read(ref _until) != 0;

    public bool IsOver => Volatile.Read(ref _until) is var until and not 0 && time.Now > until;

    public void Begin() => Volatile.Write(ref _until, time.Now + patience.Ticks);

    public void End() => Volatile.Write(ref _until, 0);

    public void OnMoved(long bytes) => PutOff((long)((double)bytes / ConnectionPatience.SlowestBytesPerSecond * TimeSpan.TicksPerSecond));

    /// <summary>Extends the timeout by a time in which the other side could do nothing.</summary>
    public void PutOff(long ticks)
    {
        // A timeout that was ended or begun anew meanwhile stays as it is.
        if (Volatile.Read(ref _until) is var until and not 0)
            Interlocked.CompareExchange(ref _until, Math.Min(until + ticks, time.Now + patience.Ticks), until);
    }
}
