namespace Gateway.Tests;

/// <summary>
/// The loop's clock as most tests need it: nobody sets the wall clock, so the loop has run for as long as that has gone on.
/// </summary>
internal static class LoopClocks
{
    public static void Advance(this LoopClock clock, DateTimeOffset now) => clock.Advance(now, clock.Uptime + (now - clock.Now));
}
