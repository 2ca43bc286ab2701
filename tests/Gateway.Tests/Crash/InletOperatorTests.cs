using System.Text.Json.Nodes;
using Gateway.Cli.Demo.Processes;
using Shouldly;
using Xunit;

namespace Gateway.Tests.Crash;

/// <summary>What operators do with an inlet to which a program sends.</summary>
[Kind(Kind.Process)]
public sealed class InletOperatorTests : ConfiguredShopTest
{
    private readonly int _port = LoopbackPort.Free(1)[0];

    [Fact]
    public async Task A_paused_inlet_takes_nothing_across_a_restart_until_it_is_resumed()
    {
        Write();
        await Shop.StartReadyAsync(Token);
        using (var program = await LineProgram.ConnectAsync(_port))
        {
            (await program.IsAnsweredAsync("1")).ShouldBeTrue();
            await ShouldBeOkAsync("tcp", "pause", "in", "--why", "new press");
            await UntilPausedAsync();
            (await RunAsync("tcp", "show", "in")).Output.ShouldContain("new press");
            await program.SendAsync("2\n");
            using var other = await LineProgram.ConnectAsync(_port);
            await other.SendAsync("3\n");
            (await RunAsync("tcp", "show", "in")).Output.ShouldContain("1 open, 1 in all");
        }

        await Shop.KillAsync();
        await Shop.StartReadyAsync(Token);
        await UntilPausedAsync();
        using var waiting = await LineProgram.ConnectAsync(_port);
        await waiting.SendAsync("4\n");
        (await RunAsync("tcp", "show", "in")).Output.ShouldContain("0 open");

        await ShouldBeOkAsync("tcp", "resume", "in");

        (await waiting.LineAsync()).ShouldBe("ok");
        await UntilAsync("it listens", async () => (await RunAsync("tcp", "ls")).Output.Contains("listens"));
        (await InTimeAsync("what was taken", NewClient(Shop).TakeAsync("lines", 2))).ShouldBe(["1\n", "4\n"]);
    }

    private Task UntilPausedAsync() =>
        UntilAsync("it is paused", async () => (await RunAsync("tcp", "ls")).Output.Contains("PausedByOperator"));

    private void Write()
    {
        var root = new JsonObject
        {
            ["Gateway"] = new JsonObject
            {
                ["Tcp"] = new JsonObject
                {
                    ["Inlets"] = new JsonObject
                    {
                        ["in"] = new JsonObject
                        {
                            ["Address"] = $"tcp://127.0.0.1:{_port}",
                            ["Destination"] = "lines@shop",
                            ["Framing"] = new JsonObject { ["Kind"] = "Delimiter", ["End"] = "\\n" },
                            ["Answer"] = "Fixed",
                            ["AnswerBytes"] = "ok\\n",
                            ["SendsEnds"] = false,
                        },
                    },
                },
            },
        };
        File.WriteAllText(ConfigPath, root.ToJsonString());
    }
}
