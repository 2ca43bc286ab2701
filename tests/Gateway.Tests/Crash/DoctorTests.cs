using System.Net;
using System.Net.Sockets;
using Gateway.Links.Protocol;
using Shouldly;
using Xunit;

namespace Gateway.Tests.Crash;

/// <summary>
/// The doctor before faults that are made for real: it names each, and of what it did not name without the fault it names nothing else. In
/// a network of its own, since it also counts what other programs of a host do.
/// </summary>
[Kind(Kind.Process)]
public sealed class DoctorTests : DoctorTest
{
    /// <summary>A store so small that a file system of some MB holds it and its reserve.</summary>
    private static readonly Dictionary<string, string> _small = new()
    { ["Gateway:Store:VolumeBytes"] = "8388608", ["Gateway:Store:DiskReserveBytes"] = "25165824" };

    [Fact]
    [Needs("ip", "iptables", "root")]
    public async Task A_firewall_that_drops_and_ports_that_are_used_up_are_named_alone()
    {
        await using var network = await NewNetworkAsync();
        var (near, far) = NewPair(Quick);
        await using var nearDisk = await InMemoryAsync(near);
        await using var farDisk = await InMemoryAsync(far);
        var client = await StartInsideAsync(network, near, far);
        var before = await DoctorAsync(near, network.Enter, Far);

        var dropped = Now;
        await network.RefuseAsync($"--dport {far.Settings.LinksPort}", "DROP");
        await UntilDownAsync(client, LinkCause.ConnectTimeout, dropped);
        (await DoctorAsync(near, network.Enter, Far)).Except(before).ShouldBe(["link", "connect"], ignoreOrder: true);

        await network.PassAsync();
        await OperatorView.UntilUpAsync(client, Far);
        using var listener = network.Open();
        listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        listener.Listen(100);
        var taken = new List<Socket>();
        try
        {
            // So many that the few connections of the doctor itself, closed a moment ago, are no half of them.
            await network.NarrowPortsAsync(20_100, 20_163);
            Should.Throw<SocketException>(() =>
            {
                while (true) taken.Add(network.Connect(((IPEndPoint)listener.LocalEndPoint!).Port));
            });

            (await DoctorAsync(near, network.Enter, Far)).Except(before).ShouldBe(["ephemeral-ports"]);
        }
        finally
        {
            foreach (var socket in taken) socket.Dispose();
        }
    }

    [Fact]
    [Needs("ip", "root", "strace")]
    public async Task A_slow_flush_and_a_full_table_of_inodes_are_named_alone()
    {
        await using var network = await NewNetworkAsync();
        var near = NewGateways(_small, "near")[0];
        await using var disk = await TinyFileSystem.MountAsync(near.StorePath, megabytes: 64, inodes: 200);
        var before = await DoctorAsync(near, network.Enter);

        string[] slowly =
            [.. network.Enter, Tool.Strace, "-f", "-o", "/dev/null", "-e", "trace=fdatasync", "-e", "inject=fdatasync:delay_enter=400000"];
        (await DoctorAsync(near, slowly)).Except(before).ShouldBe(["flush"]);

        disk.TakeInodes();
        (await DoctorAsync(near, network.Enter)).Except(before).ShouldBe(["inodes"]);
    }

    [Fact]
    [Needs("gcc", "ip", "root")]
    public async Task A_wrong_clock_is_named_alone()
    {
        await using var network = await NewNetworkAsync();
        var (near, far) = NewPair(Quick);
        await using var nearDisk = await InMemoryAsync(near);
        await using var farDisk = await InMemoryAsync(far);
        var client = await StartInsideAsync(network, near, far);
        var before = await DoctorAsync(near, network.Enter);

        await near.KillAsync();
        var ahead = Path.Combine(Folder, "ahead");
        await File.WriteAllBytesAsync(ahead, BitConverter.GetBytes((long)TimeSpan.FromHours(2).TotalSeconds), Token);
        near.Start([.. network.Enter, "/usr/bin/env", await PreloadedShim.MakeAsync("clock", Folder), $"CLOCK_AHEAD={ahead}"]);
        await OperatorView.UntilUpAsync(client, Far);

        (await DoctorAsync(near, network.Enter)).Except(before).ShouldBe(["clock"]);
    }
}
