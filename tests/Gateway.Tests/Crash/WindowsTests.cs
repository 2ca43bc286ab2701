using Gateway.Cli;
using Gateway.Cli.Demo.Processes;
using Gateway.Cli.Shell;
using Gateway.Client;
using Shouldly;
using Xunit;

namespace Gateway.Tests.Crash;

/// <summary>
/// The Windows executable, under Wine: Windows' share modes, its sockets and its way of ending processes. Applications are on the host's
/// side, since Wine's loopback is the host's. Left out is what Wine 8 itself cannot do: it makes no ECDSA keys (NCryptCreatePersistedKey,
/// 0x80090029), so no certificates and no TLS; it repeats no refused connect; it tells no range of ports (netsh).
/// </summary>
[Collection(ProcessCollection.Name)]
[Needs("wine")]
public sealed partial class WindowsTests(WindowsFixture windows) : ProcessTest, IClassFixture<WindowsFixture>
{
    private const int BodyBytes = 256 * 1024;

    /// <summary>Two and a half volumes.</summary>
    private const int Bodies = 80;

    private readonly List<GatewayProcessSettings> _settings = [];

    [Fact]
    public async Task Two_gateways_deliver_survive_being_killed_roll_and_drop_volumes_and_stop_in_order()
    {
        var (shop, billing) = NewPair();
        await using var shopRun = await StartAsync(shop);
        var billingRun = await StartAsync(billing);
        var (atShop, atBilling) = (NewClient(shop), NewClient(billing));

        await atShop.SendAllAsync("orders@billing", ProcessMessages.Numbered(50));
        (await InTimeAsync("the first messages", atBilling.TakeAsync("orders", 50)))
            .ShouldBe(ProcessMessages.Numbered(50), ignoreOrder: true);

        // A second gateway is refused the store, in a sentence.
        await using (var second = StartVerb([RunVerb.Name, "--Gateway:Name=shop", "--Gateway:Intake:Address=tcp://127.0.0.1:0",
            "--Gateway:Http:Address=", $"--Gateway:Store:Path={StoreOf(shop)}"]))
        {
            (await InTimeAsync("the second gateway ends", second.Ended)).ShouldBe(1);
            Written(VerbsPath).ShouldContain("is in use by process");
        }

        // Messages that wait for a killed gateway are delivered when it is back.
        await billingRun.DisposeAsync();
        await atShop.SendAllAsync("orders@billing", ProcessMessages.Numbered(50));
        await shopRun.KillAsync();
        await using var shopAgain = await StartAsync(shop);
        await using var billingAgain = await StartAsync(billing);
        (await InTimeAsync("the messages that waited", atBilling.TakeAsync("orders", 50)))
            .ShouldBe(ProcessMessages.Numbered(50), ignoreOrder: true);

        // Volumes are begun while messages come, and dropped when they are delivered.
        foreach (var _ in Enumerable.Range(0, Bodies))
            await atShop.EnqueueAsync("bulk@billing", new byte[BodyBytes], cancellationToken: Token);
        VolumesOf(shop).ShouldNotBe([FirstVolume]);
        await InTimeAsync("the bulk", atBilling.TakeAsync("bulk", Bodies));
        await UntilAsync("the first volume is dropped", () => !VolumesOf(shop).Contains(FirstVolume));

        shopAgain.CloseInput();
        billingAgain.CloseInput();
        (await InTimeAsync("shop stops", shopAgain.Ended)).ShouldBe(0, Written(shop.LogPath));
        (await InTimeAsync("billing stops", billingAgain.Ended)).ShouldBe(0, Written(billing.LogPath));
        foreach (var gateway in _settings)
        {
            await using var check = StartVerb(["store", "check", "--path", StoreOf(gateway)]);
            (await InTimeAsync("the check", check.Ended)).ShouldBe(0, Written(VerbsPath));
        }
    }

    private const string FirstVolume = "groups-0000000000000000001.data";

    private string VerbsPath => Path.Combine(Folder, "verbs.log");

    private static string Written(string path) => File.Exists(path) ? File.ReadAllText(path) : "";

    private static string StoreOf(GatewayProcessSettings gateway) => Path.Combine(gateway.Folder, gateway.Name);

    private static string[] VolumesOf(GatewayProcessSettings gateway) =>
        [.. Directory.EnumerateFiles(StoreOf(gateway), "groups-*.data").Select(file => Path.GetFileName(file))];

    private (GatewayProcessSettings Shop, GatewayProcessSettings Billing) NewPair()
    {
        var ports = LoopbackPort.Free(4);
        _settings.Add(Settings("shop", ports[0], ports[1], "billing", ports[3]));
        _settings.Add(Settings("billing", ports[2], ports[3], "shop", ports[1]));
        return (_settings[0], _settings[1]);
    }

    private GatewayProcessSettings Settings(string name, int intake, int links, string peer, int peerLinks) => new()
    {
        Name = name,
        Folder = Folder,
        IntakePort = intake,
        LinksPort = links,
        Peers = new Dictionary<string, string> { [peer] = $"tcp://127.0.0.1:{peerLinks}" },
        More = new Dictionary<string, string>
        {
            ["Gateway:Links:BackoffMax"] = "00:00:00.200",
            ["Gateway:Store:VolumeBytes"] = $"{8 << 20}",
            ["Gateway:Store:DiskReserveBytes"] = $"{64 << 20}"
        },
    };

    private async Task<TestProcess> StartAsync(GatewayProcessSettings gateway)
    {
        var process = Track(StartVerb([RunVerb.Name, InputEnd.WhileInputOpen, .. gateway.Arguments], gateway.LogPath));
        await UntilAsync($"{gateway.Name} listens", async () =>
        {
            if (process.Ended.IsCompleted) throw new InvalidOperationException(
                $"{gateway.Name} ended with {await process.Ended} instead of listening: {Written(gateway.LogPath)}");
            return await LoopbackPort.AcceptsAsync(gateway.IntakePort, Token);
        });
        return process;
    }

    private TestProcess StartVerb(string[] arguments, string? output = null)
    {
        var start = windows.Gateway(output ?? VerbsPath, arguments);
        start.WorkingDirectory = Folder;
        // Its own output goes into that file.
        return TestProcess.Start(start, Path.Combine(Folder, "nothing.txt"));
    }

    private GatewayClient NewClient(GatewayProcessSettings gateway) => Track(new GatewayClient(
        new GatewayClientOptions { Address = gateway.IntakeAddress, ApplicationName = "test", RequestTimeout = TimeSpan.FromMinutes(10) }));
}
