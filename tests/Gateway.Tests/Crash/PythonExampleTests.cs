using System.Diagnostics;
using System.Text;
using Shouldly;
using Xunit;

namespace Gateway.Tests.Crash;

/// <summary>The example of the protocol's page, exactly as it is printed there but for the port, against a real gateway.</summary>
[Kind(Kind.Process)]
[Needs("pyzmq")]
public sealed class PythonExampleTests : ProcessTest
{
    [Fact]
    public async Task The_ten_lines_of_the_page_go_on_receiving_after_a_kill_and_after_an_orderly_stop()
    {
        var gateway = NewGateways("local")[0];
        await gateway.StartReadyAsync(Token);
        var consumer = Run(gateway);
        await ReceivesAsync(consumer, "b'hi'");
        await UntilAsync("it is completed", () => consumer.Output.Contains("b'SETTLED'", StringComparison.Ordinal)
            && consumer.Output.Contains("b'ACCEPTED'", StringComparison.Ordinal));

        await gateway.KillAsync();
        await gateway.StartReadyAsync(Token);
        await NewClient(gateway).EnqueueAsync("greetings@local", Encoding.UTF8.GetBytes("after the kill"), cancellationToken: Token);
        await ReceivesAsync(consumer, "b'after the kill'");

        (await gateway.StopAsync()).ShouldBe(0);
        await gateway.StartReadyAsync(Token);
        await NewClient(gateway).EnqueueAsync("greetings@local", Encoding.UTF8.GetBytes("after the stop"), cancellationToken: Token);
        await ReceivesAsync(consumer, "b'after the stop'");

        await UntilAsync("all is completed", async () => (await OperatorView.StateAsync(NewClient(gateway), Token)).Messages() == 0);
        consumer.Output.Split('\n').Count(line => line.Contains("b'hi'", StringComparison.Ordinal)
            && line.StartsWith("b'MESSAGE'", StringComparison.Ordinal)).ShouldBe(1, consumer.Output);
    }

    /// <summary>
    /// A gateway that is restarted while nobody sends: the consumer's library reconnects by itself, and nothing but its own pings can tell
    /// it that nobody knows it.
    /// </summary>
    [Fact]
    public async Task A_consumer_whose_library_reconnects_learns_from_its_ping_that_it_is_not_known()
    {
        var gateway = NewGateways("local")[0];
        await gateway.StartReadyAsync(Token);
        const string reconnecting = """
            import sys, zmq
            s = zmq.Context.instance().socket(zmq.DEALER); s.connect(sys.argv[1])
            s.send_multipart([b"HELLO", b"1", b"app"]); print(s.recv_multipart()[0], flush=True)
            s.send_multipart([b"RECEIVE", b"s1", b"greetings", b"1", b""])
            sys.stdin.readline()
            s.send_multipart([b"PING", b"x"]); print(s.recv_multipart()[:2], flush=True)
            """;
        var consumer = Track(TestProcess.Start(
            new ProcessStartInfo(Tool.Python, ["-B", "-c", reconnecting, gateway.Address]), Path.Combine(Folder, "reconnecting.log")));
        await UntilAsync("it is welcome", () => consumer.Output.Contains("WELCOME", StringComparison.Ordinal));

        await gateway.KillAsync();
        await gateway.StartReadyAsync(Token);
        await consumer.WriteLineAsync("");

        (await InTimeAsync("the answer", consumer.Ended)).ShouldBe(0, consumer.Errors);
        consumer.Output.ShouldEndWith("[b'ERROR', b'HelloRequired']");
    }

    private TestProcess Run(TestGateway gateway)
    {
        var page = File.ReadAllText(Path.Combine(SourceTree.Root, "client", "Gateway.Client", "Wire", "PROTOCOL.md"));
        var example = page.Split("```python\n")[1].Split("```")[0];
        example.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length.ShouldBe(10);
        example.ShouldContain("tcp://127.0.0.1:7420");
        var script = Path.Combine(Folder, "example.py");
        File.WriteAllText(script, example.Replace("tcp://127.0.0.1:7420", gateway.Address, StringComparison.Ordinal));
        return Track(TestProcess.Start(new ProcessStartInfo(Tool.Python, ["-B", script]), Path.Combine(Folder, "example.log")));
    }

    private static Task ReceivesAsync(TestProcess consumer, string body) => UntilAsync(
        $"{body} is received; the module zmq is installed by .ci/run (apt-get install python3-zmq)",
        () => consumer.Output.Split('\n').Any(
            line => line.StartsWith("b'MESSAGE'", StringComparison.Ordinal) && line.EndsWith(body, StringComparison.Ordinal)));
}
