namespace Gateway.Tests;

/// <summary>
/// The tools that tests need beyond the .NET SDK; <c>tests/tools</c> lists them. Without its tool a test fails; it is never skipped.
/// The tests that get here carry the trait Needs, so that <c>tests/run</c> can leave them out by name.
/// </summary>
internal static class Tool
{
    /// <summary>The path of the list, a line for each.</summary>
    public static string List { get; } = Path.Combine(SourceTree.Root, "tests", "tools");

    /// <summary>The path of strace.</summary>
    [Needs("strace")]
    public static string Strace => Require("strace");

    /// <summary>The path of zsh, which also types into other shells.</summary>
    [Needs("zsh")]
    public static string Zsh => Require("zsh");

    /// <summary>The path of the system's Python, which sees Debian's packages.</summary>
    [Needs("pyzmq")]
    public static string Python => Require("pyzmq");

    /// <summary>The path of the C compiler.</summary>
    [Needs("gcc")]
    public static string Gcc => Require("gcc");

    /// <summary>The path of the C compiler for Windows.</summary>
    [Needs("mingw")]
    public static string Mingw => Require("mingw");

    /// <summary>The path of the header of libzmq.</summary>
    [Needs("libzmq")]
    public static string ZmqHeader => Require("libzmq");

    /// <summary>The path of Mono, which runs programs for .NET Framework.</summary>
    [Needs("mono")]
    public static string Mono => Require("mono");

    /// <summary>The path of curl, which speaks HTTP.</summary>
    [Needs("curl")]
    public static string Curl => Require("curl");

    /// <summary>The path of Node, which runs JavaScript.</summary>
    [Needs("node")]
    public static string Node => Require("node");

    /// <summary>The path of nc, which connects its input and output with a socket.</summary>
    [Needs("nc")]
    public static string Netcat => Require("nc");

    /// <summary>The path of socat, which connects anything with anything.</summary>
    [Needs("socat")]
    public static string Socat => Require("socat");

    /// <summary>The path of rsyslogd, which passes on log lines.</summary>
    [Needs("rsyslog")]
    public static string Rsyslog => Require("rsyslog");

    /// <summary>The path of logger, which gives it log lines.</summary>
    [Needs("rsyslog")]
    public static string Logger => Require("rsyslog", "logger");

    /// <summary>The path of prlimit, which runs a program with fewer handles or smaller files.</summary>
    [Needs("prlimit")]
    public static string Prlimit => Require("prlimit");

    /// <summary>The path of ip, which makes networks.</summary>
    [Needs("ip")]
    public static string Ip => Require("ip");

    /// <summary>The path of ss, which ends connections.</summary>
    [Needs("ip")]
    public static string Ss => Require("ip", "ss");

    /// <summary>The path of iptables, which drops and refuses packets.</summary>
    [Needs("iptables")]
    public static string Iptables => Require("iptables");

    /// <summary>The path of ip6tables, which does the same for IPv6.</summary>
    [Needs("iptables")]
    public static string SixTables => Require("iptables", "ip6tables");

    /// <summary>The path of chattr, which locks folders.</summary>
    [Needs("chattr")]
    public static string Chattr => Require("chattr");

    /// <summary>The path of systemd-analyze, which judges the unit of a service.</summary>
    [Needs("systemd")]
    public static string SystemdAnalyze => Require("systemd");

    /// <summary>The path of debootstrap, which makes a folder with a Debian in it.</summary>
    [Needs("debootstrap")]
    public static string Debootstrap => Require("debootstrap");

    /// <summary>The path of the server of PostgreSQL; its other programs are beside it.</summary>
    [Needs("postgresql")]
    public static string Postgres => Require("postgresql");

    /// <summary>The path of Chromium.</summary>
    [Needs("chromium")]
    public static string Chromium => Require("chromium");

    /// <summary>The path of the script that checks a page for accessibility.</summary>
    [Needs("axe")]
    public static string Axe => Require("axe");

    /// <summary>The path of PowerShell, which runs the scripts for Windows.</summary>
    [Needs("powershell")]
    public static string PowerShell => Require("powershell");

    /// <summary>The path of Wine, which runs the executable for Windows.</summary>
    [Needs("wine")]
    public static string Wine => Require("wine");

    /// <summary>The path of Wine's server, of which each prefix has one.</summary>
    [Needs("wine")]
    public static string WineServer => Require("wine", "wineserver64");

    /// <summary>For file systems and networks of a test's own.</summary>
    [Needs("root")]
    public static void RequireRoot()
    {
        if (!Environment.IsPrivilegedProcess)
            throw new InvalidOperationException("This test makes a file system or a network of its own, so it must run as root.");
    }

    /// <summary>The names and the files of the list.</summary>
    public static IReadOnlyDictionary<string, string[]> Read() => File.ReadLines(List)
        .Where(line => line.Length > 0 && line[0] != '#')
        .Select(line => line.Split('|', StringSplitOptions.TrimEntries))
        .ToDictionary(columns => columns[0], columns => columns[1].Split(' '));

    /// <param name="program">One of its files; the first if not given.</param>
    private static string Require(string name, string? program = null)
    {
        var files = Read()[name].Select(file => Path.Combine(SourceTree.Root, file)).ToList();
        return files.Find(file => !File.Exists(file)) is { } missing
            ? throw new InvalidOperationException($"{missing} is missing, which this test needs; tests/run installs it.")
            : files.First(file => program is null || Path.GetFileName(file) == program);
    }
}
