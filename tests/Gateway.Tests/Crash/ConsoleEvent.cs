using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;

namespace Gateway.Tests.Crash;

/// <summary>
/// A program of Windows that sends an event of the console to each gateway that runs there. It starts the thread that Windows itself starts
/// in a process for such an event. Ctrl-Break could be had otherwise, but closing a window and shutting down only from a desktop.
/// </summary>
internal static class ConsoleEvent
{
    public const string Name = "--console-event";

    public const int Break = 1;
    public const int Close = 2;
    public const int Shutdown = 6;

    private const uint AllRights = 0x1FFFFF;
    private const uint PatienceMs = 30_000;

    /// <summary>Returns when each gateway has obeyed.</summary>
    public static int Send(string number)
    {
        foreach (var gateway in Process.GetProcessesByName("gateway")) Send(gateway, uint.Parse(number, CultureInfo.InvariantCulture));
        return 0;
    }

    private static void Send(Process gateway, uint number)
    {
        // A library of the system has the same address in all processes.
        var routine = GetProcAddress(GetModuleHandle("kernelbase.dll"), "CtrlRoutine");
        var process = OpenProcess(AllRights, false, gateway.Id);
        var thread = CreateRemoteThread(process, 0, 0, routine, (nint)number, 0, out _);
        if (routine == 0 || process == 0 || thread == 0) throw new Win32Exception();
        if (WaitForSingleObject(thread, PatienceMs) != 0) throw new TimeoutException($"Process {gateway.Id} did not obey.");
    }

    [DllImport("kernel32.dll", EntryPoint = "GetModuleHandleW", CharSet = CharSet.Unicode)]
    private static extern nint GetModuleHandle(string name);

    [DllImport("kernel32.dll", CharSet = CharSet.Ansi, BestFitMapping = false, ThrowOnUnmappableChar = true)]
    private static extern nint GetProcAddress(nint library, string name);

    [DllImport("kernel32.dll", SetLastError = true)]
    private static extern nint OpenProcess(uint rights, [MarshalAs(UnmanagedType.Bool)] bool inherits, int id);

    [DllImport("kernel32.dll", SetLastError = true)]
    private static extern nint CreateRemoteThread(nint process, nint security, nint stackBytes, nint start, nint argument, uint flags,
        out uint id);

    [DllImport("kernel32.dll", SetLastError = true)]
    private static extern uint WaitForSingleObject(nint handle, uint milliseconds);
}
