using System.Text;
using Gateway.Cli.Shell;
using Gateway.Links.Causes;
using Gateway.Links.Protocol;
using Gateway.Management;
using Gateway.Store.Messages;
using Gateway.Tests.Management;
using Shouldly;
using Xunit;

namespace Gateway.Tests.Cli.Api;

/// <summary>Every listing on screens of 60, 80, 120 and 200 columns: nothing is cut, and what it is read for is there.</summary>
public sealed class NarrowScreenTests : ApiVerbTest
{
    private const string Why = "The customer number is unknown here, and the order cannot be booked.";

    private static readonly string _advice = LinkAdvice.For(LinkCause.ConnectTimeout);

    public static TheoryData<string, string, int> Listings()
    {
        var data = new TheoryData<string, string, int>();
        foreach (var width in new[] { 60, 80, 120, 200 })
        {
            data.Add("status", $"plc|holds back|press|warehouse|down|ConnectTimeout|120,000|{_advice}|orders@billing|shop", width);
            data.Add("peer ls", $"warehouse|down|ConnectTimeout|120,000|{_advice}", width);
            data.Add("peer explain billing", "nothing was ever wrong|pattern: restarted twice|orders@billing", width);
            data.Add("peer history billing", "down|Refused|refused; in doubt: 3 messages", width);
            data.Add("tcp ls", $"plc|holds back|LocalDisk|1,204|press|down|Refused|14|{LinkAdvice.For(LinkCause.LocalDisk)}", width);
            data.Add("tcp show plc", "holds back|5f3a9c01-39|10.0.4.18:40022|the disk is full", width);
            data.Add("tcp show press", "down|Refused|receiver (pid 5020, started 12:00:03)|reset (ECONNRESET)", width);
            data.Add("queue ls", "orders@billing|3", width);
            data.Add("queue peek orders@billing", "4|5|waiting", width);
            data.Add("message ls", "orders@billing|4|waiting", width);
            data.Add("message trace orders@billing 4", "accepted|in-doubt|sent once", width);
            data.Add("deadletter ls", $"2|rejected|{Why}", width);
            data.Add("deadletter ls --groups", "orders@billing|rejected", width);
            data.Add("audit", "anna (127.0.0.1)|purge|Done; all that were older than a day", width);
        }

        return data;
    }

    public NarrowScreenTests()
    {
        var far = FakeManagement.NewLink("warehouse", LinkState.Down, LinkCause.ConnectTimeout) with { Messages = 120_000 };
        Gateway.State = Gateway.State with { Links = [.. Gateway.State.Links, far], DeadLetters = 1 };
        Gateway.State = Gateway.State with
        {
            Inlets = [TcpGlances.Inlet(LinkState.Up, LinkCause.LocalDisk, "the disk is full")],
            Outlets = [TcpGlances.Outlet(LinkState.Down, LinkCause.Refused, "refused", messages: 14)],
        };
        Gateway.Add("a", number: 4);
        Gateway.Add("b", number: 5);
        Gateway.AddLetter(2, DeadLetterReason.Rejected, text: Why);
        Gateway.Audit.Add(new AuditEntry(Guid.NewGuid(), FakeManagement.Now, "anna (127.0.0.1)", "purge", "outgoing orders@billing", 1200,
            "Done; all that were older than a day"));
    }

    [Theory]
    [MemberData(nameof(Listings))]
    public async Task NothingIsCut(string verb, string words, int width)
    {
        var terminal = new TestTerminal();
        terminal = new TestTerminal { Terminal = terminal.Terminal with { Width = width } };
        var output = (MemoryStream)terminal.Terminal.Output;

        (await terminal.RunAsync([.. verb.Split(' '), "--gateway", Address])).ShouldBe(ExitCode.Ok, terminal.Error);

        var text = Encoding.UTF8.GetString(output.ToArray());
        text.ShouldNotContain("…");
        text.Split('\n').ShouldAllBe(line => FoldedText.Width(line) <= width);
        var plain = string.Join(' ', text.Split([' ', '\n'], StringSplitOptions.RemoveEmptyEntries));
        foreach (var word in words.Split('|')) Unfolded(plain).ShouldContain(Unfolded(word));
    }

    /// <summary>Puts text together again that was folded between words or within them.</summary>
    private static string Unfolded(string text) => text.Replace(" ", "", StringComparison.Ordinal);
}
