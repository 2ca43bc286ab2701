using System.Diagnostics;
using System.Globalization;
using Shouldly;
using Xunit;

namespace Gateway.Tests.Crash;

/// <summary>The sample for programs that have WinHTTP and nothing else, as a Windows program.</summary>
public sealed partial class WindowsTests
{
    [Fact]
    [Needs("mingw")]
    public async Task A_C_program_sends_with_WinHTTP_alone_once_though_the_gateway_is_not_there_yet()
    {
        var program = await CompileSampleAsync("send");
        var gateway = NewGateways("shop")[0];
        var order = Path.Combine(Folder, "order.xml");
        await File.WriteAllTextAsync(order, "one order", Token);

        var output = Path.Combine(Folder, "send.txt");
        await using var sending = StartSample(program, gateway, output, "orders@shop", order);
        await UntilAsync("it tries again", () => Written(output).Contains("nothing listens there", StringComparison.Ordinal));
        await gateway.StartReadyAsync(Token);

        (await InTimeAsync("it ends", sending.Ended)).ShouldBe(0, Written(output));
        Written(output).ShouldContain("messageId");
        var client = NewClient(gateway);
        (await InTimeAsync("the message", client.TakeAsync("orders", 1))).ShouldBe(["one order"]);
        (await OperatorView.StateAsync(client, Token)).Messages().ShouldBe(0);

        var refused = Path.Combine(Folder, "refused.txt");
        await using var wrong = StartSample(program, gateway, refused, "orders@nobody", order);
        (await InTimeAsync("it is refused", wrong.Ended)).ShouldBe(1, Written(refused));
        Written(refused).ShouldContain("no-route");
    }

    [Fact]
    [Needs("mingw")]
    public async Task A_C_program_receives_with_WinHTTP_alone_though_the_gateway_is_restarted_meanwhile()
    {
        var program = await CompileSampleAsync("receive");
        var gateway = NewGateways("shop")[0];
        await gateway.StartReadyAsync(Token);
        var client = NewClient(gateway);
        await client.SendAsync("orders@shop", "first order");
        var inbox = Directory.CreateDirectory(Path.Combine(Folder, "inbox")).FullName;

        var output = Path.Combine(Folder, "receive.txt");
        await using var receiving = StartSample(program, gateway, output, "orders", inbox, "2");
        await UntilAsync("the first one is there", () => Directory.GetFiles(inbox).Length == 1);
        await UntilAsync("it is completed", async () => (await client.GetQueueAsync("orders", Token)).Messages == 0);
        await gateway.KillAsync();
        await UntilAsync("it tries again", () => Written(output).Contains("no answer", StringComparison.Ordinal));
        await gateway.StartReadyAsync(Token);
        var body = Enumerable.Range(0, 300_000).Select(number => (byte)number).ToArray();
        var second = await client.EnqueueAsync("orders@shop", body, cancellationToken: Token);

        (await InTimeAsync("it ends", receiving.Ended)).ShouldBe(0, Written(output));
        Directory.GetFiles(inbox).Select(file => new FileInfo(file).Length).Order().ShouldBe([11, 300_000]);
        (await File.ReadAllBytesAsync(Path.Combine(inbox, second.MessageId.ToString()), Token)).ShouldBe(body);
        (await OperatorView.StateAsync(client, Token)).Messages().ShouldBe(0);
    }

    private async Task<string> CompileSampleAsync(string name)
    {
        var program = Path.Combine(Folder, $"{name}.exe");
        await using var compiler = TestProcess.Start(
            new ProcessStartInfo(Tool.Mingw, ["-std=c89", "-pedantic", "-Wall", "-Wextra", "-Werror", "-o", program,
                Path.Combine(SourceTree.Root, "client", "samples", "winhttp", $"{name}.c"), "-lwinhttp", "-lrpcrt4"]),
            Path.Combine(Folder, "mingw.log"));
        (await InTimeAsync("the compiler ends", compiler.Ended)).ShouldBe(0, compiler.Errors);
        return program;
    }

    private TestProcess StartSample(string program, TestGateway gateway, string output, params string[] arguments)
    {
        var start = windows.Program(output, [program, .. arguments]);
        start.Environment["GATEWAY_PORT"] = new Uri(gateway.Api).Port.ToString(CultureInfo.InvariantCulture);
        return TestProcess.Start(start, Path.Combine(Folder, "nothing.txt"));
    }
}
