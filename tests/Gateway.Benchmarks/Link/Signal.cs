using System.Runtime.InteropServices;

namespace Gateway.Benchmarks.Link;

/// <summary>Lets a process stand still, with all its connections open, and go on. The numbers are Linux's.</summary>
internal static class Signal
{
    private const int Cont = 18;
    private const int Stop = 19;

    public static void StandStill(int process) => Send(process, Stop);

    public static void GoOn(int process) => Send(process, Cont);

    private static void Send(int process, int signal)
    {
        if (Kill(process, signal) != 0)
            throw new InvalidOperationException($"Signal {signal} could not be sent: error {Marshal.GetLastPInvokeError()}.");
    }

    [DllImport("libc", EntryPoint = "kill", SetLastError = true)]
    private static extern int Kill(int process, int signal);
}
