using System.Runtime.InteropServices;

namespace Gateway.Cli.Shell;

/// <summary>
/// Prepares a Windows console for the program's output. By default the console takes bytes for characters of an old code page and prints
/// colour sequences as text, so UTF-8 and sequences are enabled. All programs in the console share these settings, so they are restored
/// afterwards. Pipes and files need no preparation.
/// </summary>
internal sealed class WindowsConsole : IDisposable
{
    private const uint Utf8 = 65001;
    private const uint ShowsMarks = 4;

    private static readonly int[] _outputAndError = [-11, -12];

    private readonly uint _codePage = GetConsoleOutputCP();
    private readonly List<(nint Screen, uint Mode)> _modes = [];

    private WindowsConsole()
    {
        if (_codePage != 0) SetConsoleOutputCP(Utf8);
        foreach (var screen in _outputAndError.Select(GetStdHandle))
        {
            if (!GetConsoleMode(screen, out var mode)) continue;
            if ((mode & ShowsMarks) != 0) HasColours = true;
            else if (SetConsoleMode(screen, mode | ShowsMarks))
            {
                HasColours = true;
                _modes.Add((screen, mode));
            }
        }
    }

    /// <summary>Null on other systems, whose terminals show UTF-8 without preparation.</summary>
    public static WindowsConsole? Open() => OperatingSystem.IsWindows() ? new WindowsConsole() : null;

    /// <summary>The console interprets colour sequences.</summary>
    public bool HasColours { get; }

    public void Dispose()
    {
        foreach (var (screen, mode) in _modes) SetConsoleMode(screen, mode);
        if (_codePage is not (0 or Utf8)) SetConsoleOutputCP(_codePage);
    }

    [DllImport("kernel32.dll")]
    private static extern uint GetConsoleOutputCP();

    [DllImport("kernel32.dll")]
    [return: MarshalAs(UnmanagedType.Bool)]
    private static extern bool SetConsoleOutputCP(uint codePage);

    [DllImport("kernel32.dll")]
    private static extern nint GetStdHandle(int which);

    [DllImport("kernel32.dll")]
    [return: MarshalAs(UnmanagedType.Bool)]
    private static extern bool GetConsoleMode(nint screen, out uint mode);

    [DllImport("kernel32.dll")]
    [return: MarshalAs(UnmanagedType.Bool)]
    private static extern bool SetConsoleMode(nint screen, uint mode);
}
