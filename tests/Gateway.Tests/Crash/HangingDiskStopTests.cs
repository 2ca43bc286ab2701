using System.Globalization;
using Shouldly;
using Xunit;

namespace Gateway.Tests.Crash;

/// <summary>A gateway is told to stop while its disk hangs: it ends in time, says why, and loses nothing that it accepted.</summary>
[Kind(Kind.Process)]
[Needs("strace")]
public sealed class HangingDiskStopTests : ProcessTest
{
    private const int Accepted = 20;

    /// <summary>Longer than any stop may take.</summary>
    private static readonly TimeSpan _hang = TimeSpan.FromMinutes(10);

    /// <summary>The limit of the whole stop with default settings, after which a supervisor may kill the process.</summary>
    private static readonly TimeSpan _stopMax = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task A_running_gateway_ends_and_its_next_start_has_everything_that_was_accepted()
    {
        var gateway = NewGateways("shop")[0];
        await gateway.StartReadyAsync(Token);
        var client = NewClient(gateway);
        await client.SendAllAsync("jobs@shop", ProcessMessages.Numbered(Accepted));
        await using var disk = await SlowDisk.OfAsync(gateway.Process, _hang, Path.Combine(Folder, "strace.log"));
        var waiting = client.SendAsync("jobs@shop", "not accepted before").AsTask();
        await UntilAsync("the disk hangs", () => disk.HasHeldUp);

        await ShouldEndAsync(gateway, disk);

        waiting.IsCompleted.ShouldBeFalse();
        await gateway.StartReadyAsync(Token);
        await InTimeAsync("the receipt", waiting);
        await ShouldHaveAsync(gateway, ProcessMessages.Numbered(Accepted).Append("not accepted before"));
    }

    [Fact]
    public async Task A_gateway_that_opens_its_store_ends_and_its_next_start_has_everything_that_was_accepted()
    {
        var gateway = NewGateways("shop")[0];
        await gateway.StartReadyAsync(Token);
        await NewClient(gateway).SendAllAsync("jobs@shop", ProcessMessages.Numbered(Accepted));
        await gateway.KillAsync();
        // It begins only when its disk hangs.
        gateway.Start("/bin/sh", "-c", "kill -STOP $$; exec \"$0\" \"$@\"");
        await UntilAsync("it stands still", () => StateOf(gateway.Process) == 'T');
        await using var disk = await SlowDisk.OfAsync(gateway.Process, _hang, Path.Combine(Folder, "strace.log"));
        gateway.Process.Send(TestProcess.UnixSignal.Continue);
        await UntilAsync("the disk hangs", () => disk.HasHeldUp);

        await ShouldEndAsync(gateway, disk);

        await gateway.StartReadyAsync(Token);
        await ShouldHaveAsync(gateway, ProcessMessages.Numbered(Accepted));
    }

    private static async Task ShouldEndAsync(TestGateway gateway, SlowDisk disk)
    {
        var began = TimeProvider.System.GetTimestamp();
        gateway.Process.Send(TestProcess.UnixSignal.Terminate);
        await UntilAsync("it has ended, but for the thread that the disk holds", () => HasEnded(gateway.Process));
        TimeProvider.System.GetElapsedTime(began).ShouldBeLessThan(_stopMax);
        await disk.EndAsync();
        (await InTimeAsync("its end", gateway.Process.Ended)).ShouldBe(1);
        gateway.Process.Errors.ShouldContain("does not answer: the store did not close within 15 s");
        gateway.Process.Errors.ShouldContain("Look at the disk; the next start recovers the store.");
    }

    private async Task ShouldHaveAsync(TestGateway gateway, IEnumerable<string> messages)
    {
        var expected = messages.Order(StringComparer.Ordinal).ToList();
        (await InTimeAsync("the messages", NewClient(gateway).TakeAsync("jobs", expected.Count))).Order(StringComparer.Ordinal)
            .ShouldBe(expected);
        (await OperatorView.StateAsync(NewClient(gateway), Token)).Messages().ShouldBe(0);
        (await InTimeAsync("it stops", gateway.StopAsync())).ShouldBe(0);
        CheckStore(gateway);
    }

    private static bool HasEnded(TestProcess process)
    {
        try
        {
            return StateOf(process) == 'Z';
        }
        catch (IOException)
        {
            // Nothing held any thread of it, and its parent has noticed.
            return true;
        }
    }

    /// <summary>The letter that proc(5) has for the state of a process.</summary>
    private static char StateOf(TestProcess process)
    {
        var status = File.ReadAllText(string.Create(CultureInfo.InvariantCulture, $"/proc/{process.Id}/stat"));
        return status[status.LastIndexOf(')') + 2];
    }
}
