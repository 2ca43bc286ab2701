using System.Text.Json.Nodes;
using Gateway.Cli.Demo.Processes;
using Shouldly;
using Xunit;

namespace Gateway.Tests.Crash;

/// <summary>Inlets of a running gateway are added, changed and removed while programs send to another.</summary>
[Kind(Kind.Process)]
public sealed class InletReloadTests : ConfiguredShopTest
{
    private readonly int[] _ports = LoopbackPort.Free(2);

    [Fact]
    public async Task An_inlet_that_did_not_change_loses_nothing_while_another_comes_changes_and_goes()
    {
        const int Lines = 3000;
        Write((0, "steady"));
        await Shop.StartReadyAsync(Token);
        using var steady = await LineProgram.ConnectAsync(_ports[0]);
        using var stop = new CancellationTokenSource();
        var sending = Task.Run(async () =>
        {
            for (var number = 0; number < Lines; number++) (await steady.IsAnsweredAsync($"{number}")).ShouldBeTrue();
        }, TestContext.Current.CancellationToken);

        Write((0, "steady"), (1, "first"));
        using (var program = await LineProgram.ConnectAsync(_ports[1]))
        {
            (await program.IsAnsweredAsync("to the first")).ShouldBeTrue();
            Write((0, "steady"), (1, "second"));
            (await program.LineAsync()).ShouldBeNull();
        }

        using (var program = await LineProgram.ConnectAsync(_ports[1]))
        {
            (await program.IsAnsweredAsync("to the second")).ShouldBeTrue();
            Write((0, "steady"));
            (await program.LineAsync()).ShouldBeNull();
        }

        await InTimeAsync("all is sent", sending);
        var client = NewClient(Shop);
        (await InTimeAsync("the first", client.TakeAsync("first", 2))).ShouldBe(["to the first\n", ""]);
        (await InTimeAsync("the second", client.TakeAsync("second", 2))).ShouldBe(["to the second\n", ""]);
        (await InTimeAsync("the steady ones", client.TakeAsync("steady", Lines))).ShouldBe(
            Enumerable.Range(0, Lines).Select(number => $"{number}\n"));
        await Should.ThrowAsync<System.Net.Sockets.SocketException>(() => ConnectOnceAsync(_ports[1]));
    }

    [Fact]
    public async Task An_added_inlet_whose_address_is_taken_is_told_and_listens_once_it_is_free()
    {
        Write();
        await Shop.StartReadyAsync(Token);
        var listener = new System.Net.Sockets.TcpListener(System.Net.IPAddress.Loopback, _ports[0]);
        listener.Start();

        Write((0, "late"));
        await UntilAsync("it is told", () => Shop.Process.Output.Contains("Inlet in0 does not listen, and tries again: "));
        listener.Stop();

        using var program = await LineProgram.ConnectAsync(_ports[0]);
        (await program.IsAnsweredAsync("hello")).ShouldBeTrue();
    }

    /// <summary>Inlets with the names in0 and in1, each with its queue.</summary>
    private void Write(params (int Inlet, string Queue)[] inlets) =>
        WriteFile(new JsonObject
        {
            ["Gateway"] = new JsonObject
            {
                ["Tcp"] = new JsonObject
                {
                    ["Inlets"] = new JsonObject(inlets.Select(inlet => KeyValuePair.Create($"in{inlet.Inlet}", (JsonNode?)new JsonObject
                    {
                        ["Address"] = $"tcp://127.0.0.1:{_ports[inlet.Inlet]}",
                        ["Destination"] = $"{inlet.Queue}@shop",
                        ["Framing"] = new JsonObject { ["Kind"] = "Delimiter", ["End"] = "\\n" },
                        ["Answer"] = "Fixed",
                        ["AnswerBytes"] = "ok\\n",
                    }))),
                },
            },
        });

    /// <summary>As an editor does: the gateway never sees half a file.</summary>
    private void WriteFile(JsonObject content)
    {
        var draft = ConfigPath + ".new";
        File.WriteAllText(draft, content.ToJsonString());
        File.Move(draft, ConfigPath, overwrite: true);
    }

    private static async Task ConnectOnceAsync(int port)
    {
        using var socket = new System.Net.Sockets.Socket(System.Net.Sockets.SocketType.Stream, System.Net.Sockets.ProtocolType.Tcp);
        await socket.ConnectAsync(System.Net.IPAddress.Loopback, port);
    }
}
