namespace Gateway.Hosting;

/// <summary>
/// The time an orderly stop waits for deliveries. If the system allows the whole stop only a few seconds, most of them are reserved for the
/// goodbyes and for closing the store. Any thread.
/// </summary>
/// <param name="configured">The time without a hurry.</param>
internal sealed class StopPatience(TimeSpan configured)
{
    /// <summary>The share of the five seconds that Windows allows a process whose window was closed.</summary>
    public static readonly TimeSpan Hurried = TimeSpan.FromSeconds(1);

    private static readonly TimeSpan _end = TimeSpan.FromSeconds(8);
    private static readonly TimeSpan _endHurried = TimeSpan.FromSeconds(1.5);
    private static readonly TimeSpan _close = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan _closeHurried = TimeSpan.FromSeconds(2);

    private volatile bool _isHurried;

    /// <summary>The time the store then has to write the waiting commands and close; a working disk needs a fraction of a second.</summary>
    public TimeSpan Close => _isHurried ? _closeHurried : _close;

    /// <summary>The time that then remains for the goodbyes and the end of all threads, connections and listeners.</summary>
    public TimeSpan End => _isHurried ? _endHurried : _end;

    /// <summary>
    /// The time for everything together, the HTTP API, telemetry and logs included; more than all of them need with their own limits.
    /// </summary>
    public TimeSpan Whole => configured + TimeSpan.FromSeconds(45);

    public TimeSpan Drain => _isHurried && Hurried < configured ? Hurried : configured;

    /// <summary>The system will soon end the process in any case.</summary>
    public void Hurry() => _isHurried = true;
}
