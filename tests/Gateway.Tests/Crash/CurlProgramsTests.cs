using System.Diagnostics;
using Gateway.Client;
using Shouldly;
using Xunit;

namespace Gateway.Tests.Crash;

/// <summary>The programs that send and receive with curl alone, as they stand in client/samples.</summary>
[Kind(Kind.Process)]
[Needs("curl")]
public sealed class CurlProgramsTests : ProcessTest
{
    private const string OneMessage = "Gateway:Store:QueueMessagesMax";

    [Fact]
    public async Task A_file_is_sent_once_through_a_late_start_and_received_as_it_was()
    {
        var gateway = NewGateways("local")[0];
        var (order, inbox) = (Path.Combine(Folder, "order.xml"), Directory.CreateDirectory(Path.Combine(Folder, "inbox")).FullName);
        byte[] bytes = [0, 13, 10, 255, .. "<order/>"u8];
        await File.WriteAllBytesAsync(order, bytes, Token);

        var sending = Run(gateway, "send", "orders@local", order);
        await UntilAsync("it has tried in vain", () => sending.Errors.Contains("curl: (7)", StringComparison.Ordinal));
        await gateway.StartReadyAsync(Token);

        (await InTimeAsync("it is accepted", sending.Ended)).ShouldBe(0, sending.Errors);
        var client = NewClient(gateway);
        (await client.GetQueueAsync("orders", Token)).Messages.ShouldBe(1);

        var receiving = Run(gateway, "receive", "orders", inbox);
        (await InTimeAsync("it is received", receiving.Ended)).ShouldBe(0, receiving.Errors);
        Directory.GetFiles(inbox).ShouldBe([receiving.Output]);
        (await File.ReadAllBytesAsync(receiving.Output, Token)).ShouldBe(bytes);
        MessageId.TryParse(Path.GetFileName(receiving.Output), out _).ShouldBeTrue();
        (await client.GetQueueAsync("orders", Token)).Messages.ShouldBe(0);
    }

    [Fact]
    public async Task A_full_queue_is_waited_for_and_a_gateway_that_is_killed_too()
    {
        var gateway = NewGateways(new Dictionary<string, string> { [OneMessage] = "1" }, "local")[0];
        await gateway.StartReadyAsync(Token);
        var client = NewClient(gateway);
        await client.EnqueueAsync("orders@local", new byte[1], cancellationToken: Token);
        var order = Path.Combine(Folder, "order.xml");
        await File.WriteAllTextAsync(order, "<order/>", Token);

        var sending = Run(gateway, "send", "orders@local", order);
        await UntilAsync("the queue is full for it", () => sending.Errors.Contains("store-full", StringComparison.Ordinal));
        await gateway.KillAsync();
        await UntilAsync("nobody is there for it", () => sending.Errors.Contains("curl: (7)", StringComparison.Ordinal));
        await gateway.StartReadyAsync(Token);
        await foreach (var message in client.ReceiveAsync("orders", cancellationToken: Token))
        {
            await message.CompleteAsync(Token);
            break;
        }

        (await InTimeAsync("it is accepted", sending.Ended)).ShouldBe(0, sending.Errors);
        (await client.PeekAsync("orders", cancellationToken: Token)).Single().Body.Length.ShouldBe("<order/>".Length);
    }

    [Fact]
    public async Task A_refusal_for_good_and_a_file_that_is_missing_end_it_at_once()
    {
        var gateway = NewGateways("local")[0];
        await gateway.StartReadyAsync(Token);
        var order = Path.Combine(Folder, "order.xml");
        await File.WriteAllTextAsync(order, "<order/>", Token);

        var sending = Run(gateway, "send", "orders@nowhere", order);
        (await InTimeAsync("it ends", sending.Ended)).ShouldBe(1);
        sending.Errors.ShouldContain("nowhere");

        var without = Run(gateway, "send", "orders@local", Path.Combine(Folder, "missing.xml"));
        (await InTimeAsync("it ends", without.Ended)).ShouldBe(1);
        (await NewClient(gateway).GetQueueAsync("orders", Token)).Messages.ShouldBe(0);
    }

    private TestProcess Run(TestGateway gateway, string program, params string[] arguments)
    {
        File.Exists(Tool.Curl).ShouldBeTrue();
        var path = Path.Combine(SourceTree.Root, "client", "samples", "curl", $"{program}.sh");
        var start = new ProcessStartInfo("sh", [path, .. arguments]);
        start.Environment["GATEWAY"] = gateway.Api;
        return Track(TestProcess.Start(start, Path.Combine(Folder, $"{program}.log")));
    }
}
