using System.Text;
using Gateway.Cli.Demo.Processes;
using Gateway.Client;
using Gateway.Tcp;
using Shouldly;
using Xunit;

namespace Gateway.Tests.Crash;

/// <summary>
/// The answers of a far program come back through two gateways to the programs that wait for them; an application stands for the far
/// program's outlet.
/// </summary>
[Kind(Kind.Process)]
public sealed class FarAnswerTests : ProcessTest
{
    private readonly int _port = LoopbackPort.Free(1)[0];

    [Fact]
    public async Task Each_program_gets_its_own_answers_in_order_and_a_half_closed_one_its_last()
    {
        var (near, far) = await StartAsync();
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Token);
        var answering = AnswerAsync(NewClient(far), stop.Token);
        using var one = await LineProgram.ConnectAsync(_port);
        using var two = await LineProgram.ConnectAsync(_port);
        for (var number = 0; number < 50; number++)
        {
            await one.SendAsync($"one {number}\n");
            await two.SendAsync($"two {number}\n");
        }

        one.Finish();
        for (var number = 0; number < 50; number++)
        {
            (await one.LineAsync()).ShouldBe($"re: one {number}");
            (await two.LineAsync()).ShouldBe($"re: two {number}");
        }

        // The far side has finished after the last line.
        (await one.LineAsync()).ShouldBeNull();
        await two.SendAsync("two again\n");
        (await two.LineAsync()).ShouldBe("re: two again");
        await stop.CancelAsync();
        await answering.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
        (await OperatorView.StateAsync(NewClient(near), Token)).DeadLetters.ShouldBe(0);
    }

    [Fact]
    public async Task An_answer_to_a_program_that_has_gone_is_a_dead_letter_and_one_that_reads_nothing_holds_up_no_other()
    {
        var (near, far) = await StartAsync(("WriteTimeout", "00:00:02"));
        var gone = await LineProgram.ConnectAsync(_port);
        await gone.SendAsync("gone\n");
        var client = NewClient(far);
        var asked = await TakeOneAsync(client);
        gone.Reset();
        await ReplyAsync(client, asked, "too late\n");
        await UntilAsync("it is a dead letter", async () => (await OperatorView.StateAsync(NewClient(near), Token)).DeadLetters == 1);

        using var deaf = await LineProgram.ConnectAsync(_port);
        await deaf.SendAsync("deaf\n");
        var ofDeaf = await TakeOneAsync(client);
        var large = new string('x', 900_000) + "\n";
        for (var i = 0; i < 20; i++) await ReplyAsync(client, ofDeaf, large);
        using var other = await LineProgram.ConnectAsync(_port);
        await other.SendAsync("other\n");
        await ReplyAsync(client, await TakeOneAsync(client), "re: other\n");

        (await other.LineAsync()).ShouldBe("re: other");
        await UntilAsync("it is told", () => near.Process.Output.Contains("the program has read nothing for 2 s"));
    }

    private async Task<(TestGateway Near, TestGateway Far)> StartAsync(params (string Key, string Value)[] more)
    {
        var far = NewGateways("near", "far")[1];
        const string Inlet = "Gateway:Tcp:Inlets:in:";
        var settings = new Dictionary<string, string>(far.Settings.More)
        {
            [Inlet + "Address"] = $"tcp://127.0.0.1:{_port}",
            [Inlet + "Destination"] = "orders@far",
            [Inlet + "Framing:Kind"] = "Delimiter",
            [Inlet + "Framing:End"] = "\\n",
            [Inlet + "Answer"] = "Far",
        };
        foreach (var (key, value) in more) settings[Inlet + key] = value;
        var near = Track(new TestGateway(far.Settings with
        {
            Name = "near",
            LinksPort = int.Parse(far.Settings.Peers["near"].Split(':')[^1], System.Globalization.CultureInfo.InvariantCulture),
            IntakePort = LoopbackPort.Free(1)[0],
            HttpPort = LoopbackPort.Free(1)[0],
            Peers = new Dictionary<string, string> { ["far"] = $"tcp://127.0.0.1:{far.Settings.LinksPort}" },
            More = settings,
        }));
        await Task.WhenAll(near.StartReadyAsync(Token), far.StartReadyAsync(Token));
        return (near, far);
    }

    /// <summary>Answers each line, and an end by an end.</summary>
    private static async Task AnswerAsync(GatewayClient client, CancellationToken cancellationToken)
    {
        await foreach (var message in client.ReceiveAsync("orders", null, cancellationToken))
        {
            if (message.Headers.TryGetValue(TcpNames.Event, out var told)) await ReplyAsync(client, message, "", told);
            else await ReplyAsync(client, message, $"re: {Encoding.UTF8.GetString(message.Body.Span)}");
            await message.CompleteAsync(cancellationToken);
        }
    }

    /// <summary>The next line.</summary>
    private static async Task<ReceivedMessage> TakeOneAsync(GatewayClient client)
    {
        await foreach (var message in client.ReceiveAsync("orders", null, Token))
        {
            await message.CompleteAsync(Token);
            if (!message.Headers.ContainsKey(TcpNames.Event)) return message;
        }

        throw new InvalidOperationException("nothing comes any more");
    }

    private static async Task ReplyAsync(GatewayClient client, ReceivedMessage asked, string text, string told = "")
    {
        var headers = new Dictionary<string, string>
        {
            [TcpNames.Outlet] = "an application",
            [TcpNames.Conversation] = asked.Headers[TcpNames.Conversation],
        };
        if (told.Length > 0) headers[TcpNames.Event] = told;
        var options = new EnqueueOptions { Headers = headers };
        await client.EnqueueAsync(asked.Headers[TcpNames.Reply], Encoding.UTF8.GetBytes(text), options, Token);
    }
}
