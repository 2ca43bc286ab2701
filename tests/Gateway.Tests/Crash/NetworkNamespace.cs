using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace Gateway.Tests.Crash;

/// <summary>
/// A network of its own, with a loopback device and nothing else, in which packets can be dropped and refused, names can lead anywhere, and
/// ports be few, and nobody outside notices. Takes the rights of root.
/// </summary>
internal sealed class NetworkNamespace : IAsyncDisposable
{
    private const int NetworkFlag = 0x40000000;

    private readonly string _name = $"gateway-{Guid.NewGuid().ToString("N")[..8]}";

    private NetworkNamespace()
    {
    }

    /// <summary>A program with its arguments that runs another one inside, in its own process.</summary>
    public string[] Enter => [Tool.Ip, "netns", "exec", _name];

    private string HostsFolder => Path.Combine("/etc/netns", _name);

    public static async Task<NetworkNamespace> CreateAsync()
    {
        Tool.RequireRoot();
        var made = new NetworkNamespace();
        await RunAsync([Tool.Ip, "netns", "add", made._name]);
        await RunAsync([Tool.Ip, "-n", made._name, "link", "set", "lo", "up"]);
        Directory.CreateDirectory(made.HostsFolder);
        made.Resolve(("localhost", "127.0.0.1"));
        return made;
    }

    /// <summary>Packets to this address or port come to this end; the newest rule first.</summary>
    /// <param name="match">As <c>--dport 7421</c>.</param>
    /// <param name="target">As <c>DROP</c>.</param>
    public Task RefuseAsync(string match, string target) =>
        RunAsync([.. Enter, Tool.Iptables, "-I", "INPUT", "-p", "tcp", .. match.Split(' '), "-j", .. target.Split(' ')]);

    /// <summary>The same for IPv6.</summary>
    public Task RefuseSixAsync(string match, string target) =>
        RunAsync([.. Enter, Tool.SixTables, "-I", "INPUT", "-p", "tcp", .. match.Split(' '), "-j", .. target.Split(' ')]);

    /// <summary>A connection on which nothing passes for so long is forgotten, and its later packets are dropped.</summary>
    public async Task ForgetSilentConnectionsAsync(TimeSpan after)
    {
        await RefuseAsync("-m conntrack --ctstate NEW ! --syn", "DROP");
        await RunAsync([.. Enter, "/bin/sh", "-c",
            $"echo {(int)after.TotalSeconds} > /proc/sys/net/netfilter/nf_conntrack_tcp_timeout_established"]);
    }

    /// <summary>
    /// The same for connections inside a process, and without the kernel's leniency, which takes a forgotten connection up again. Those to
    /// the ports are never forgotten.
    /// </summary>
    public async Task ForgetOwnConnectionsAsync(TimeSpan after, params int[] kept)
    {
        await ForgetSilentConnectionsAsync(after);
        await RefuseAsync("-m conntrack --ctstate INVALID", "DROP");
        await RunAsync([.. Enter, "/bin/sh", "-c", "echo 0 > /proc/sys/net/netfilter/nf_conntrack_tcp_loose"]);
        foreach (var port in kept)
        {
            foreach (var side in new[] { "--dport", "--sport" })
            {
                foreach (var chain in new[] { "PREROUTING", "OUTPUT" })
                {
                    await RunAsync([.. Enter, Tool.Iptables, "-t", "raw", "-A", chain, "-p", "tcp", side,
                        port.ToString(System.Globalization.CultureInfo.InvariantCulture), "-j", "NOTRACK"]);
                }
            }
        }
    }

    /// <summary>Everything passes again.</summary>
    public Task PassAsync() => RunAsync([.. Enter, Tool.Iptables, "-F", "INPUT"]);

    /// <summary>The names that programs inside know. The file stays the same one: they have it mounted.</summary>
    public void Resolve(params (string Name, string Address)[] hosts) =>
        File.WriteAllLines(Path.Combine(HostsFolder, "hosts"), hosts.Select(host => $"{host.Address} {host.Name}"));

    /// <summary>The ports that connections from inside get by themselves.</summary>
    public Task NarrowPortsAsync(int first, int last) =>
        RunAsync([.. Enter, "/bin/sh", "-c", $"echo {first} {last} > /proc/sys/net/ipv4/ip_local_port_range"]);

    /// <summary>A connection of this process inside.</summary>
    public Socket Connect(int port)
    {
        var socket = Open();
        try
        {
            socket.Connect(IPAddress.Loopback, port);
            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <summary>A socket of this process inside: it belongs to the network in which its thread was when it was made.</summary>
    public Socket Open()
    {
        Socket? socket = null;
        Exception? failure = null;
        var thread = new Thread(() =>
        {
            using var network = File.OpenHandle(Path.Combine("/run/netns", _name));
            if (SetNetwork(network.DangerousGetHandle().ToInt32(), NetworkFlag) != 0)
                failure = new InvalidOperationException($"The network {_name} cannot be entered: error {Marshal.GetLastPInvokeError()}.");
            else socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        });
        thread.Start();
        thread.Join();
        return socket ?? throw failure!;
    }

    public async ValueTask DisposeAsync()
    {
        Directory.Delete(HostsFolder, recursive: true);
        await RunAsync([Tool.Ip, "netns", "del", _name]);
    }

    [DllImport("libc", EntryPoint = "setns", SetLastError = true)]
    private static extern int SetNetwork(int descriptor, int kind);

    private static async Task RunAsync(string[] command)
    {
        using var process = Process.Start(new ProcessStartInfo(command[0], command[1..]) { RedirectStandardError = true })!;
        var errors = await process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        if (process.ExitCode != 0)
            throw new InvalidOperationException($"This test makes a network of its own, and so must run as root on Linux, in a container "
                + $"with the capabilities SYS_ADMIN and NET_ADMIN. {string.Join(' ', command)} said: {errors.Trim()}");
    }
}
