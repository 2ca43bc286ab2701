using System.Globalization;
using Gateway.Cli.Demo.Processes;
using Gateway.Tests.Transport.Tls;
using Shouldly;
using Xunit;

namespace Gateway.Tests.Crash;

/// <summary>A real gateway with an inlet, and programs that send lines to it while it is killed, stopped or full.</summary>
[Kind(Kind.Process)]
public sealed class InletTests : ProcessTest
{
    private const int Programs = 4;
    private const int Lines = 300;

    private readonly int _port = LoopbackPort.Free(1)[0];

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task What_was_answered_is_there_and_in_order_however_often_the_gateway_ends(bool isKilled)
    {
        var gateway = NewGateway(("Answer", "Fixed"), ("AnswerBytes", "ok\\n"), ("SendsEnds", "false"));
        await gateway.StartReadyAsync(Token);
        var answered = new int[Programs];
        var sending = Enumerable.Range(0, Programs).Select(program => SendAsync(program, answered)).ToArray();
        for (var round = 1; round <= 4; round++)
        {
            await UntilAsync("some are answered", () => answered.Sum() >= round * Programs * Lines / 6);
            if (isKilled) await gateway.KillAsync();
            else (await gateway.StopAsync()).ShouldBe(0);
            CheckStore(gateway);
            await gateway.StartReadyAsync(Token);
        }

        await InTimeAsync("all are answered", Task.WhenAll(sending));

        var sent = await ReceiveUntilEmptyAsync(gateway);
        for (var program = 0; program < Programs; program++)
        {
            // A line whose answer was lost was sent again by the program itself.
            sent.Where(line => line.Program == program).Select(line => line.Number).Distinct().ShouldBe(Enumerable.Range(0, Lines));
        }

        (sent.Count - (Programs * Lines)).ShouldBeLessThanOrEqualTo(4 * Programs);
    }

    [Fact]
    public async Task A_full_queue_holds_the_program_back_tells_why_and_goes_on_in_order()
    {
        const int Many = 20_000;
        var gateway = NewGateway([("HeldBackTold", "00:00:01"), ("SendsEnds", "false")], ("Gateway:Store:QueueMessagesMax", "500"));
        await gateway.StartReadyAsync(Token);
        using var program = await LineProgram.ConnectAsync(_port);
        var padding = new string('-', 1000);
        var sending = Task.Run(async () =>
        {
            for (var number = 0; number < Many; number++) await program.SendAsync($"0 {number} {padding}\n");
        }, TestContext.Current.CancellationToken);
        await UntilAsync("it is told", () => gateway.Process.Output.Contains("Inlet in holds programs back: LocalQuota: "));
        sending.IsCompleted.ShouldBeFalse();

        var taken = await InTimeAsync("all of it", NewClient(gateway).TakeAsync("orders", Many));

        await InTimeAsync("all is sent", sending);
        taken.Select(line => Parse(line).Number).ShouldBe(Enumerable.Range(0, Many));
        await UntilAsync("it is told", () => gateway.Process.Output.Contains("Inlet in holds programs back no more."));
    }

    [Fact]
    public async Task A_program_that_ends_within_a_line_leaves_a_dead_letter_and_what_is_no_frame_a_line_in_the_log()
    {
        var gateway = NewGateway(("Framing:FrameBytesMax", "1000"));
        await gateway.StartReadyAsync(Token);
        var program = await LineProgram.ConnectAsync(_port);
        await program.SendAsync("0 0 \npiece");
        var client = NewClient(gateway);
        (await client.TakeAsync("orders", 1)).ShouldBe(["0 0 \n"]);
        program.Reset();
        await UntilAsync("it is a dead letter", async () => (await OperatorView.StateAsync(client, Token)).DeadLetters == 1);

        using var hostile = await LineProgram.ConnectAsync(_port);
        using var other = await LineProgram.ConnectAsync(_port);
        var noise = new byte[5000];
        new Random(1).NextBytes(noise);
        await hostile.SendAsync([.. "1 0 \n"u8, .. noise.Where(value => value != '\n')]);

        (await hostile.LineAsync()).ShouldBeNull();
        gateway.Process.Output.ShouldContain("no frame begins at byte 5 (");
        await other.SendAsync("2 0 \n");
        (await InTimeAsync("the others", client.TakeAsync("orders", 4))).ShouldBe(["", "1 0 \n", "", "2 0 \n"]);
    }

    [Fact]
    public async Task A_gateway_that_stops_takes_what_had_been_sent_to_it()
    {
        var gateway = NewGateway(("SendsEnds", "false"));
        await gateway.StartReadyAsync(Token);
        for (var round = 0; round < 10; round++)
        {
            Task<int> stop;
            using (var program = await LineProgram.ConnectAsync(_port))
            {
                await program.SendAsync($"0 {round} \n");
                stop = gateway.StopAsync();
                (await program.LineAsync()).ShouldBeNull();
            }

            (await stop).ShouldBe(0);
            await gateway.StartReadyAsync(Token);
        }

        var taken = await InTimeAsync("all of it", NewClient(gateway).TakeAsync("orders", 10));
        taken.ShouldBe(Enumerable.Range(0, 10).Select(round => $"0 {round} \n"));
    }

    [Fact]
    public async Task A_taken_address_ends_the_start_with_a_sentence()
    {
        var first = NewGateway();
        await first.StartReadyAsync(Token);
        var second = NewGateways(Settings([("Destination", "orders@second")]), "second")[0];

        second.Start();

        (await InTimeAsync("it ends", second.Process.Ended)).ShouldBe(1);
        second.Process.Errors.ShouldContain($"Cannot listen on tcp://127.0.0.1:{_port}: the address is already in use.");
        second.Process.Errors.ShouldContain("Gateway:Tcp:Inlets:in:Address");
    }

    [Fact]
    public async Task With_a_certificate_lines_come_over_TLS_alone()
    {
        using var pki = new TestPki();
        var files = pki.Make("shop");
        var gateway = NewGateway(
            ("Answer", "Fixed"), ("AnswerBytes", "ok\\n"), ("Tls:CertificatePath", files.CertificatePath), ("Tls:KeyPath", files.KeyPath));
        await gateway.StartReadyAsync(Token);
        using var plain = await LineProgram.ConnectAsync(_port);
        await plain.SendAsync("0 0 in plain text\n");
        // Whatever TLS says to it.
        while (await plain.LineAsync() is not null)
        {
        }

        using var secured = await LineProgram.ConnectAsync(_port, isSecured: true);
        (await secured.IsAnsweredAsync("1 0 secured")).ShouldBeTrue();

        (await InTimeAsync("the line", NewClient(gateway).TakeAsync("orders", 1))).ShouldBe(["1 0 secured\n"]);
    }

    private TestGateway NewGateway(params (string Key, string Value)[] inlet) => NewGateway(inlet, []);

    private TestGateway NewGateway((string Key, string Value)[] inlet, params (string Key, string Value)[] more)
    {
        var settings = Settings(inlet);
        foreach (var (key, value) in more) settings[key] = value;
        return NewGateways(settings, "local")[0];
    }

    private Dictionary<string, string> Settings((string Key, string Value)[] inlet)
    {
        const string Inlet = "Gateway:Tcp:Inlets:in:";
        var settings = new Dictionary<string, string>
        {
            [Inlet + "Address"] = $"tcp://127.0.0.1:{_port}",
            [Inlet + "Destination"] = "orders@local",
            [Inlet + "Framing:Kind"] = "Delimiter",
            [Inlet + "Framing:End"] = "\\n",
        };
        foreach (var (key, value) in inlet) settings[Inlet + key] = value;
        return settings;
    }

    /// <summary>Each line after the answer to the one before; a line whose answer was lost is sent again, on a new connection.</summary>
    private async Task SendAsync(int program, int[] answered)
    {
        var connection = await LineProgram.ConnectAsync(_port);
        for (var number = 0; number < Lines;)
        {
            if (await connection.IsAnsweredAsync($"{program} {number} "))
            {
                answered[program] = ++number;
                continue;
            }

            connection.Dispose();
            connection = await LineProgram.ConnectAsync(_port);
        }

        connection.Dispose();
    }

    private async Task<List<(int Program, int Number)>> ReceiveUntilEmptyAsync(TestGateway gateway)
    {
        var client = NewClient(gateway);
        var waiting = (await OperatorView.StateAsync(client, Token)).Messages();
        var taken = await InTimeAsync("all of it", client.TakeAsync("orders", (int)waiting));
        return [.. taken.Select(Parse)];
    }

    private static (int Program, int Number) Parse(string line)
    {
        var words = line.Split(' ');
        return (int.Parse(words[0], CultureInfo.InvariantCulture), int.Parse(words[1], CultureInfo.InvariantCulture));
    }
}
