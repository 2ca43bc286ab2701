namespace Gateway.Transport;

/// <summary>
/// Waits for something as long as it goes on: bytes that move put the end off, by a second for each
/// <see cref="ConnectionPatience.SlowestBytesPerSecond"/>, and to no more than the whole patience from then. One thread begins and ends it
/// and tells what moves; any other may look.
/// </summary>
/// <param name="time">Counts as the splices do: not while the process stood still.</param>
internal sealed class ProgressLimit(TimeSpan patience, PatientTime time)
{
    private long _until;

    public bool IsRunning => Volatile.Read(ref _until) != 0;

    public bool IsOver => Volatile.Read(ref _until) is var until and not 0 && time.Now > until;

    public void Begin() => Volatile.Write(ref _until, time.Now + patience.Ticks);

    public void End() => Volatile.Write(ref _until, 0);

    public void OnMoved(long bytes) => PutOff((long)((double)bytes / ConnectionPatience.SlowestBytesPerSecond * TimeSpan.TicksPerSecond));

    /// <summary>For as long as that the other side could do nothing.</summary>
    public void PutOff(long ticks)
    {
        // When it was ended or begun anew meanwhile, that counts.
        if (Volatile.Read(ref _until) is var until and not 0)
            Interlocked.CompareExchange(ref _until, Math.Min(until + ticks, time.Now + patience.Ticks), until);
    }
}
