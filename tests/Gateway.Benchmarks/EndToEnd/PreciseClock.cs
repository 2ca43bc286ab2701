using System.Runtime.InteropServices;

namespace Gateway.Benchmarks.EndToEnd;

/// <summary>
/// Sleeps to within some 50 µs, which the timers of the runtime do not. Linux's monotonic clock, in nanoseconds, as Stopwatch has it there.
/// </summary>
internal static class PreciseClock
{
    private const int Monotonic = 1;
    private const int AbsoluteTime = 1;
    private const long NsPerSecond = 1_000_000_000;

    public static void SleepUntil(long monotonicNs)
    {
        var time = new TimeSpec { Seconds = monotonicNs / NsPerSecond, Nanoseconds = monotonicNs % NsPerSecond };
        while (ClockNanosleep(Monotonic, AbsoluteTime, time, 0) != 0)
        {
            // A signal has interrupted it.
        }
    }

    [DllImport("libc", EntryPoint = "clock_nanosleep")]
    private static extern int ClockNanosleep(int clock, int flags, in TimeSpec time, nint remaining);

    [StructLayout(LayoutKind.Sequential)]
    private struct TimeSpec
    {
        public long Seconds;
        public long Nanoseconds;
    }
}
