using CsCheck;
using Gateway.Links.Causes;
using Gateway.Links.Protocol;
using Gateway.Management;
using Gateway.Store.Messages;
using Gateway.Tcp;
using Gateway.Tests.Management;
using Shouldly;
using Xunit;

namespace Gateway.Tests.Cli.Api;

/// <summary>Text of strangers in every listing of a running gateway, on a screen and in a pipe.</summary>
public sealed class ForeignListingTests : ApiVerbTest
{
    private static readonly string[] _verbs =
    [
        "status", "check", "peer ls", "peer explain billing", "peer history billing", "queue ls", "queue show bills",
        "queue peek orders@billing", "message ls", "message show orders@billing 4", "message trace orders@billing 4", "deadletter ls",
        "deadletter ls --groups", "audit", "tcp ls", "tcp show plc", "tcp show press",
    ];

    [Fact]
    public async Task No_control_or_mark_of_direction_gets_through_and_no_line_is_forged() => await Hostile.Text.SampleAsync(async text =>
    {
        foreach (var verb in _verbs)
        {
            foreach (var width in (int?[])[null, 80])
            {
                var shown = await ShowAsync(verb, text, width);

                shown.ShouldBe(ForeignText.Lines(shown), verb);
                LinesOf(shown).ShouldBe(LinesOf(await ShowAsync(verb, ForeignText.Plain(text), width)), verb);
            }
        }
    }, iter: 12, threads: 1);

    private static OutletSummary Foreign(OutletSummary outlet, string text) => outlet with
    {
        Status = outlet.Status with
        {
            Program = text,
            Advice = text,
            Connections = [new ConversationStatus(text, text, FakeManagement.Now, LinkCause.PeerStuck, text)],
        },
    };

    private static int LinesOf(string shown) => shown.Count(c => c == '\n');

    private async Task<string> ShowAsync(string verb, string text, int? width)
    {
        Fill(text);
        var terminal = new TestTerminal();
        terminal = new TestTerminal { Terminal = terminal.Terminal with { Width = width } };
        await terminal.RunAsync([.. verb.Split(' '), "--gateway", Address]);
        using var output = (MemoryStream)terminal.Terminal.Output;
        return System.Text.Encoding.UTF8.GetString(output.ToArray()) + terminal.Terminal.Error;
    }

    private void Fill(string text)
    {
        var (fresh, down) = (FakeManagement.NewState(), FakeManagement.NewLink("far", LinkState.Down, LinkCause.TlsFailed));
        var pause = new Pause(FakeManagement.Now, text, text);
        Gateway.State = fresh with
        {
            Links =
            [
                .. fresh.Links.Select(link => link with { Warning = text, Pause = pause }),
                down with { Status = down.Status with { Evidence = text, Advice = text } },
            ],
            Queues = [.. fresh.Queues.Select(queue => queue with { Pause = pause })],
            Inlets = [TcpGlances.Inlet(LinkState.Up, LinkCause.LocalDisk, text)],
            Outlets = [Foreign(TcpGlances.Outlet(LinkState.Down, LinkCause.Refused, text, messages: 1), text)],
        };
        var change = new LinkChange(FakeManagement.Now, LinkState.Down, LinkCause.TlsFailed, text);
        Gateway.DescribeLink = (state, link) => new LinkDetails
        {
            Summary = link,
            Now = state.Now,
            History = [change],
            Candidates = [new LinkCandidate(LinkCause.TlsFailed, text), new LinkCandidate(LinkCause.Refused, text)],
            Patterns = [new LinkPattern(LinkCause.PeerRestarted, 2, text)],
            InDoubt = [],
            Queues = [],
        };
        Gateway.DescribeWay = (_, found) =>
            new MessageTrace(found.Message, found.DeadLetter, [new TraceStep(FakeManagement.Now, "accepted", text)], Sent: 1);
        var header = System.Text.Json.JsonSerializer.Serialize(text);
        Gateway.Messages.Clear();
        // A body may have lines of its own.
        Gateway.Add("an order", $"{{{header}:{header}}}", number: 4);
        Gateway.Letters.Clear();
        Gateway.AddLetter(2, DeadLetterReason.Rejected, text: text);
        Gateway.Audit.Clear();
        Gateway.Audit.Add(new AuditEntry(Guid.Empty, FakeManagement.Now, text, "purge", "outgoing orders@billing", 1200, text));
    }
}
