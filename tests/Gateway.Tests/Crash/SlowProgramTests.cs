using Gateway.Cli.Demo.Processes;
using Gateway.Client;
using Gateway.Tcp;
using Shouldly;
using Xunit;

namespace Gateway.Tests.Crash;

/// <summary>A real gateway with an inlet, one program that does not read its replies for a while, and another that does.</summary>
[Kind(Kind.Process)]
public sealed class SlowProgramTests : ProcessTest
{
    /// <summary>More than a queue hands out at once: 64 MB.</summary>
    private const int Replies = 1600;
    private const int ReplyBytes = 64 * 1024;

    private readonly int _port = LoopbackPort.Free(1)[0];

    [Fact]
    public async Task The_replies_of_the_others_go_on_and_its_own_come_complete_and_in_order_once_it_reads()
    {
        const string Inlet = "Gateway:Tcp:Inlets:in:";
        var gateway = NewGateways(new Dictionary<string, string>
        {
            [Inlet + "Address"] = $"tcp://127.0.0.1:{_port}",
            [Inlet + "Destination"] = "orders@local",
            [Inlet + "Answer"] = "Far",
            [Inlet + "WriteTimeout"] = "00:10:00",
            [Inlet + "Framing:Kind"] = "Delimiter",
            [Inlet + "Framing:End"] = "\\n",
        }, "local")[0];
        await gateway.StartReadyAsync(Token);
        var client = NewClient(gateway);
        using var slow = await LineProgram.ConnectAsync(_port);
        var toSlow = await ConversationAsync(client, programs: 1);
        using var fast = await LineProgram.ConnectAsync(_port);
        var toFast = await ConversationAsync(client, programs: 2);

        for (var number = 0; number < Replies; number++)
            await client.EnqueueAsync("in.replies@local", [Reply(toSlow, number, ReplyBytes)], Token);
        for (var number = 0; number < 100; number++)
        {
            await client.EnqueueAsync("in.replies@local", [Reply(toFast, number, length: 100)], Token);
            (await InTimeAsync("its reply", fast.LineAsync())).ShouldStartWith($"{number} ");
        }

        (await OperatorView.InletAsync(client, "in")).Conversations[1].Evidence.ShouldNotBeEmpty();
        for (var number = 0; number < Replies; number++)
        {
            var line = (await InTimeAsync("its reply", slow.LineAsync())).ShouldNotBeNull();
            (line.Length, line[..line.IndexOf(' ', StringComparison.Ordinal)]).ShouldBe((ReplyBytes - 1, $"{number}"));
        }

        await UntilAsync("all is done", async () =>
            (await OperatorView.InletAsync(client, "in")).Inlet is { RepliesWaiting: 0, Unclaimed: 0 });
    }

    private static OutgoingMessage Reply(string conversation, int number, int length) => new()
    {
        Headers = new Dictionary<string, string> { [TcpNames.Conversation] = conversation },
        Body = System.Text.Encoding.ASCII.GetBytes($"{number} ".PadRight(length - 1, '-') + "\n"),
    };

    /// <summary>The conversation of the program that came last.</summary>
    private static async Task<string> ConversationAsync(GatewayClient client, int programs)
    {
        var latest = "";
        await UntilAsync("it is there", async () =>
        {
            var inlet = await OperatorView.InletAsync(client, "in");
            latest = inlet.Conversations.FirstOrDefault()?.Id ?? "";
            return inlet.Inlet.Open == programs;
        });
        return latest;
    }
}
