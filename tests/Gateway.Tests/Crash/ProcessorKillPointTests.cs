using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using Gateway.Client;
using Shouldly;
using Xunit;

namespace Gateway.Tests.Crash;

/// <summary>
/// An application with a processor that is killed before each single call by which one of its threads sends something, to its gateway or to
/// another thread, or writes something, that it has handled a message or a wish to be woken: from its start to its farewell.
/// </summary>
[Kind(Kind.Process)]
public sealed class ProcessorKillPointTests(ITestOutputHelper output) : ProcessTest
{
    private const string Queue = "jobs";

    /// <summary>One fails at its first delivery, the others are handled.</summary>
    private static readonly string[] _bodies = ["0", "1", "2"];

    /// <summary>No point in an application's work is as far as that; a limit against hanging.</summary>
    private const int PointsMax = 2_000;

    [Theory]
    [Needs("strace")]
    [InlineData("sendto,sendmsg")]
    [InlineData("write")]
    public async Task Killed_before_any_of_its_calls_it_loses_no_message(string calls)
    {
        var gateway = NewGateways("local")[0];
        await gateway.StartReadyAsync(Token);
        var client = NewClient(gateway);

        var point = 1;
        for (var isKilled = true; isKilled; point++)
        {
            point.ShouldBeLessThan(PointsMax);
            isKilled = await KillAtAsync(gateway, client, calls, point);
        }

        output.WriteLine($"{calls}: the process survived point {point - 1}");
        point.ShouldBeGreaterThan(10, "the first points kill it");
        (await OperatorView.StateAsync(client, Token)).DeadLetters.ShouldBe(0);
    }

    /// <summary>False if the process had ended in an orderly way before.</summary>
    private async Task<bool> KillAtAsync(TestGateway gateway, GatewayClient client, string calls, int point)
    {
        var handled = new ConcurrentBag<string>();
        await client.SendAllAsync($"{Queue}@local", _bodies);
        int code;
        await using (var killed = TestProcess.Start(Under(calls, point, gateway), Path.Combine(Folder, "killed.log"), handled.Add))
        {
            await UntilAsync("nothing is left, or it is killed", async () =>
                killed.Ended.IsCompleted || (await client.GetQueueAsync(Queue, Token)).Messages == 0);
            if (!killed.Ended.IsCompleted) killed.CloseInput();
            code = await InTimeAsync("it ends", killed.Ended);
        }

        await using (var last = TestProcess.Start(
            ProcessorKillProcess.Start(gateway.Address, Queue), Path.Combine(Folder, "last.log"), handled.Add))
        {
            await UntilAsync("nothing is left", async () => (await client.GetQueueAsync(Queue, Token)).Messages == 0);
            last.CloseInput();
            (await InTimeAsync("it ends", last.Ended)).ShouldBe(0);
        }

        string.Join(' ', handled.Distinct().Order()).ShouldBe(string.Join(' ', _bodies), $"killed at {calls} {point}");
        code.ShouldBeOneOf(0, 128 + 9);
        return code != 0;
    }

    private static ProcessStartInfo Under(string calls, int point, TestGateway gateway)
    {
        var program = ProcessorKillProcess.Start(gateway.Address, Queue);
        return new ProcessStartInfo(Tool.Strace,
        [
            "-f", "-o", "/dev/null", "-e", $"trace={calls}",
            "-e", string.Create(CultureInfo.InvariantCulture, $"inject={calls}:signal=SIGKILL:when={point}"),
            program.FileName, .. program.ArgumentList,
        ]);
    }
}
