using Gateway.Cli.Demo;
using Gateway.Cli.Demo.Ledger;
using Shouldly;
using Spectre.Console;
using Xunit;

namespace Gateway.Tests.Cli.Demo;

public sealed class LedgerTableTests
{
    [Fact]
    public void Every_number_of_the_ledger_is_shown_with_what_it_must_be()
    {
        var text = Render(Result(lost: 1));

        text.ShouldContain("accepted (receipt given, on disk)");
        Cells(text, "accepted").ShouldBe(["20,000", "20,000"]);
        Cells(text, "lost").ShouldBe(["1", "0"]);
        Cells(text, "completed, confirmation lost").ShouldBe(["7", ""]);
        Cells(text, "delivered again: gateway killed").ShouldBe(["42", ""]);
        Cells(text, "left in the queues").ShouldBe(["unknown", "0"]);
        Cells(text, "receiving gateway: from start to listening").ShouldBe(["0.50 s", ""]);
        Cells(text, "receiving gateway: from start to first message").ShouldBe(["not seen", ""]);
    }

    private static string[] Cells(string text, string row) =>
        [.. text.Split('\n').First(line => line.Contains($"│ {row}")).Split('│')[2..^1].Select(cell => cell.Trim())];

    private static string Render(DemoResult result)
    {
        var writer = new StringWriter { NewLine = "\n" };
        var console = AnsiConsole.Create(new AnsiConsoleSettings { Ansi = AnsiSupport.No, Out = new AnsiConsoleOutput(writer) });
        console.Profile.Width = 120;
        console.Write(LedgerTable.Create(result));
        return writer.ToString();
    }

    private static DemoResult Result(long lost) => new()
    {
        Verdict = new DemoVerdict
        {
            Expected = 20_000,
            Accepted = 20_000,
            Delivered = 20_000 - lost,
            Completed = 20_000 - lost - 7,
            Lost = lost,
            DeliveredAgain = new Dictionary<RedeliveryReason, long> { [RedeliveryReason.GatewayKilled] = 42 },
            OutOfOrder = 0,
            Corrupt = 0,
            Returns = [new PeerReturn("receiving gateway", 100, TimeSpan.FromSeconds(5)) { Listening = TimeSpan.FromSeconds(5.5) }],
        },
        Finished = true,
        LeftInQueues = null,
        Took = TimeSpan.FromSeconds(30),
    };
}
