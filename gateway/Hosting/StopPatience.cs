namespace Gateway.Hosting;

/// <summary>
/// How long an orderly stop waits for what can still be delivered. Where the system gives the whole stop a few seconds, most of them are
/// kept for what comes after that: the goodbyes, and the store. Any thread.
/// </summary>
/// <param name="configured">The time when nobody is in a hurry.</param>
internal sealed class StopPatience(TimeSpan configured)
{
    /// <summary>Of the five seconds that Windows gives a process whose window was closed.</summary>
    public static readonly TimeSpan Hurried = TimeSpan.FromSeconds(1);

    private static readonly TimeSpan _close = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan _closeHurried = TimeSpan.FromSeconds(2);

    private volatile bool _isHurried;

    /// <summary>
    /// How long the store may take then to write down what waits and to close; it takes a fraction of a second on a disk that answers.
    /// </summary>
    public TimeSpan Close => _isHurried ? _closeHurried : _close;

    public TimeSpan Drain => _isHurried && Hurried < configured ? Hurried : configured;

    /// <summary>The system ends the process soon, whatever it does.</summary>
    public void Hurry() => _isHurried = true;
}
