namespace Gateway.Tests.Crash;

/// <summary>Programs of the system that tests need. Without them a test fails; it is never skipped.</summary>
internal static class Tool
{
    /// <summary>The path of strace.</summary>
    public static string Strace => Require("/usr/bin/strace", "strace");

    /// <summary>The path of the system's Python, the one that sees Debian's packages.</summary>
    public static string Python => Require("/usr/bin/python3", "python3-zmq");

    /// <summary>The path of prlimit, which runs a program with fewer handles.</summary>
    public static string Prlimit => Require("/usr/bin/prlimit", "util-linux");

    /// <summary>The path of ip, which makes networks.</summary>
    public static string Ip => Require("/usr/sbin/ip", "iproute2");

    /// <summary>The path of iptables, which drops and refuses packets.</summary>
    public static string Iptables => Require("/usr/sbin/iptables", "iptables");

    /// <summary>The path of ip6tables, which does the same for IPv6.</summary>
    public static string SixTables => Require("/usr/sbin/ip6tables", "iptables");

    /// <summary>The C compiler, with what a program on libzmq needs to be built.</summary>
    public static string Gcc
    {
        get
        {
            Require("/usr/include/zmq.h", "libzmq3-dev");
            return Require("/usr/bin/gcc", "gcc libc6-dev");
        }
    }

    /// <summary>The path of Wine, which runs the executable for Windows.</summary>
    public static string Wine => Require("/usr/lib/wine/wine64", "wine64");

    /// <summary>The path of Wine's server, of which each prefix has one.</summary>
    public static string WineServer => Require("/usr/lib/wine/wineserver64", "wine64");

    private static string Require(string path, string package) => File.Exists(path)
        ? path
        : throw new InvalidOperationException(
            $"{path} is missing, which this test needs; .ci/run installs it (apt-get install {package}).");
}
