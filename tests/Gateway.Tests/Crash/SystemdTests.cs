using Shouldly;
using Xunit;

namespace Gateway.Tests.Crash;

/// <summary>A gateway as a service of systemd, whose part the test plays.</summary>
[Kind(Kind.Process)]
public sealed class SystemdTests : ProcessTest
{
    private const string Well = "STATUS=nothing waits for peers, 0 of 0 links are well.";

    [Fact]
    public async Task It_says_when_it_is_ready_how_it_is_and_when_it_stops()
    {
        using var systemd = new ServiceManager(Folder);
        var gateway = NewGateways("shop")[0];

        gateway.Start(systemd.Under(watchdogSeconds: 3));
        await UntilAsync("it is ready", () => systemd.States.Contains("READY=1"));
        await UntilAsync("the watchdog is fed twice", () => systemd.States.SkipWhile(state => state != Well)
            .Count(state => state == "WATCHDOG=1") >= 2);
        gateway.Process.Send(TestProcess.UnixSignal.HangUp);
        await UntilAsync("it has reloaded", () => systemd.States.Count(state => state == "READY=1") == 2);
        systemd.States.ShouldContain("RELOADING=1");
        systemd.States.ShouldContain(state => state.StartsWith("MONOTONIC_USEC="));
        await NewClient(gateway).SendAsync("q@shop", "after a hang-up");
        (await gateway.StopAsync()).ShouldBe(0);

        await UntilAsync("it says that it stops", () => systemd.States.Contains("STOPPING=1"));
        // The priorities of journald: 6 is information, 4 a warning.
        gateway.Process.Output.ShouldContain("<6>Gateway.Hosting.GatewayService[5001] Gateway shop is listening");
        gateway.Process.Output.ShouldContain("<4>Gateway.Hosting.StoreOpening[5006] A new, empty store was made");
    }

    [Fact]
    [Needs("strace")]
    public async Task A_disk_that_hangs_starves_the_watchdog()
    {
        using var systemd = new ServiceManager(Folder);
        var gateway = NewGateways("shop")[0];
        gateway.Start(systemd.Under(watchdogSeconds: 3));
        await UntilAsync("it has started", () => systemd.States.Contains("READY=1"));
        await using var hanging = await SlowDisk.OfAsync(gateway.Process, TimeSpan.FromSeconds(20), Path.Combine(Folder, "strace.log"));

        var waiting = NewClient(gateway).SendAsync("q@shop", "into a hanging disk").AsTask();

        await UntilAsync("it says so", () => systemd.States.Contains("STATUS=The disk does not answer."));
        var before = systemd.States.Count(state => state == "WATCHDOG=1");
        await UntilAsync("it says so again", () => systemd.States.Count(state => state == "STATUS=The disk does not answer.") >= 2);
        systemd.States.Count(state => state == "WATCHDOG=1").ShouldBe(before);
        await InTimeAsync("the disk answers", waiting);
    }

    [Fact]
    public async Task A_wrong_configuration_is_an_error_in_the_journal()
    {
        using var systemd = new ServiceManager(Folder);
        var gateway = NewGateways(new Dictionary<string, string> { ["Gateway:Store:VolumeBytes"] = "1" }, "shop")[0];

        gateway.Start(systemd.Under(watchdogSeconds: 3));

        (await InTimeAsync("it ends", gateway.Process.Ended)).ShouldBe(2);
        gateway.Process.Errors.Split('\n', StringSplitOptions.RemoveEmptyEntries).ShouldAllBe(line => line.StartsWith("<3>"));
    }
}
