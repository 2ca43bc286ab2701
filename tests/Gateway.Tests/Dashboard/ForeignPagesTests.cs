using Gateway.Links.Causes;
using Gateway.Links.Protocol;
using Gateway.Management;
using Gateway.Store.Messages;
using Gateway.Tests.Management;
using Shouldly;
using Xunit;

namespace Gateway.Tests.Dashboard;

/// <summary>Text of strangers on every page: nothing in it steers how the page reads.</summary>
public sealed class ForeignPagesTests(BrowserFixture fixture) : DashboardTest(fixture)
{
    private const string Hostile = "owed\u202E\u001b[2J\u200F\u2066\u0085\u2028txet";
    private const string Shown = "owed··[2J····txet";

    [Theory]
    [InlineData("/", Shown)]
    [InlineData("/link/billing", Shown)]
    [InlineData("/queue/out/orders@billing", Shown)]
    [InlineData("/queue/out/orders@billing/1", Shown)]
    [InlineData("/dead-letters", Shown)]
    [InlineData("/dead-letters/1", Shown)]
    [InlineData("/audit", Shown)]
    [InlineData("/operations", Shown)]
    public async Task No_control_and_no_mark_of_direction_reaches_a_page(string path, string seen)
    {
        Fill();

        await OpenAsync(path);
        await SeeAsync(seen);

        var text = await Page.EvaluateAsync<string>(
            """
            [document.title, document.body.innerText, ...[...document.querySelectorAll('[title], [aria-label]')]
                .flatMap(part => [part.title, part.getAttribute('aria-label')]), ...[...document.querySelectorAll('svg title')]
                .map(part => part.textContent)].join('\n')
            """);
        text.ShouldBe(ForeignText.Lines(text));
    }

    private void Fill()
    {
        var (describe, pause) = (Management.Describe, new Pause(FakeManagement.Now, Hostile, Hostile));
        Management.Describe = () =>
        {
            var state = describe();
            return state with
            {
                Links = [.. state.Links.Select(link => link with
                {
                    Warning = Hostile,
                    Pause = link.Status.Peer == "archive" ? pause : null,
                    Status = link.Status with { Evidence = Hostile, Advice = Hostile },
                })],
                Queues = [.. state.Queues.Select(queue => queue.Id == FakeManagement.Orders ? queue with { Pause = pause } : queue)],
            };
        };
        var link = Management.DescribeLink;
        Management.DescribeLink = (state, summary) => link(state, summary) with
        {
            History = [new LinkChange(state.Now, LinkState.Down, LinkCause.TlsFailed, Hostile)],
            Candidates = [new LinkCandidate(LinkCause.TlsFailed, Hostile)],
            Patterns = [new LinkPattern(LinkCause.PeerRestarted, 2, Hostile)],
        };
        Management.DescribeWay = (_, found) =>
            new MessageTrace(found.Message, found.DeadLetter, [new TraceStep(FakeManagement.Now, "accepted", Hostile)], Sent: 1);
        var header = System.Text.Json.JsonSerializer.Serialize(Hostile);
        Management.Queues[FakeManagement.Orders][1] = new StoredMessage(
            1, FakeManagement.NewMessage(1, System.Text.Encoding.UTF8.GetBytes(Hostile), $"{{{header}:{header}}}"));
        Management.AddLetter(1, DeadLetterReason.Rejected, FakeManagement.Orders, text: Hostile);
        Management.Audit.Add(new AuditEntry(Guid.NewGuid(), FakeManagement.Now, Hostile, "purge", Hostile, 12, Hostile));
        Management.Raise(new GatewayEvent(2, FakeManagement.Now, "link", Hostile, Hostile));
        Management.Operations.Add(new OperationStatus
        {
            Id = Guid.NewGuid(),
            Request = new OperationRequest { Kind = OperationKind.Purge, Queue = FakeManagement.Orders, Why = Hostile },
            Who = Hostile,
            StartedAt = FakeManagement.Now,
            State = OperationState.Failed,
            Total = 3,
            Text = Hostile,
        });
    }
}
