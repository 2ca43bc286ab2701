using Gateway.Cli.Api;
using Gateway.Cli.Demo.Ledger;
using Gateway.Cli.Shell;
using Gateway.Client;
using Gateway.Http.Answers;
using Gateway.Http.Views;
using Gateway.Links.Causes;
using Gateway.Links.Protocol;

namespace Gateway.Cli.Drill;

/// <summary>
/// One drill: sends messages to the peer, injects one fault after the other into the link, waits each time for recovery, and balances the
/// ledger.
/// </summary>
/// <param name="api">The gateway whose link is drilled: injects the faults and reports their outcome.</param>
/// <param name="near">A client of the same gateway: sends the messages.</param>
/// <param name="far">A client of the peer, to receive the messages there; null to rely on acknowledgements alone.</param>
internal sealed class DrillRun(DrillOptions options, ApiClient api, GatewayClient near, GatewayClient? far, Terminal terminal)
{
    private static readonly TimeSpan _glance = TimeSpan.FromMilliseconds(20);

    private readonly DemoBook _book = new(expected: 0);
    private readonly Guid _drill = Guid.NewGuid();
    private readonly string _destination = $"{DrillMessages.Queue}@{options.Peer}";

    /// <returns>Whether the ledger balances.</returns>
    /// <exception cref="CommandLineException">The drill could not be carried out; the message says why.</exception>
    public async Task<bool> RunAsync(CancellationToken cancellationToken)
    {
        await CheckFarAsync(cancellationToken);
        await CheckAllowedAsync(cancellationToken);
        await UntilAsync("before the first fault", async () => IsUp(await AskLinkAsync(cancellationToken))
            && await WaitingAsync(cancellationToken) == 0, cancellationToken);
        var deadBefore = (await api.ReadStateAsync(cancellationToken)).DeadLetters;

        var report = new Output(terminal, OutputFormat.Table);
        var sender = new DrillSender(near, _destination, _drill, options.Rate, _book, terminal.Time);
        var receiver = far is null ? null : new DrillReceiver(far, _drill, _book);
        using var stopSending = new CancellationTokenSource();
        using var stopReceiving = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        using var failed = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var sending = GuardAsync(sender.RunAsync(stopSending.Token, failed.Token), failed);
        var receiving = GuardAsync(receiver?.RunAsync(stopReceiving.Token) ?? Task.CompletedTask, failed);
        try
        {
            foreach (var kind in options.Kinds)
            {
                await report.WriteAsync([DrillReport.Of(await InjectAsync(kind, sender, failed.Token))], cancellationToken);
            }

            await stopSending.CancelAsync();
            await sending;
            await UntilAsync("after the last message", async () => await WaitingAsync(failed.Token) == 0
                && await IsTakenAsync(failed.Token), failed.Token);
        }
        finally
        {
            await stopSending.CancelAsync();
            await stopReceiving.CancelAsync();
            // The first failure ended the others; it is the one reported to the user.
            await Task.WhenAll(sending, receiving);
        }

        var verdict = await _book.CloseAsync();
        var deadAfter = (await api.ReadStateAsync(cancellationToken)).DeadLetters;
        var totals = new DrillTotals(options.Peer, verdict.Accepted, await WaitingAsync(cancellationToken), deadAfter - deadBefore);
        var received = far is null ? null : verdict;
        await report.WriteAsync(DrillReport.Of(totals, received, receiver?.Left ?? 0).Select(Listing.Line), cancellationToken);
        return DrillReport.Balances(totals, received);
    }

    private async Task<DrillOutcome> InjectAsync(DrillKind kind, DrillSender sender, CancellationToken cancellationToken)
    {
        // A fault in an idle connection would prove nothing.
        var flowing = sender.Accepted + Math.Max(1, options.Rate / 2);
        await UntilAsync($"before the fault {DrillKinds.NameOf(kind)}", () => Task.FromResult(sender.Accepted >= flowing),
            cancellationToken);
        var begun = (await AskLinkAsync(cancellationToken)).Now;
        await api.DrillPeerAsync(options.Peer, kind, options.Stall, cancellationToken);
        var since = terminal.Time.GetTimestamp();
        if (kind == DrillKind.Stall) await Task.Delay(options.Stall, terminal.Time, cancellationToken);

        DrillOutcome? outcome = null;
        await UntilAsync($"after the fault {DrillKinds.NameOf(kind)}", async () =>
        {
            var link = await AskLinkAsync(cancellationToken);
            outcome = DrillOutcome.Of(kind, begun, link.History);
            return outcome.IsOver && IsUp(link);
        }, cancellationToken);

        // The fault can affect only messages accepted by now.
        var accepted = sender.Accepted;
        await UntilAsync($"after the fault {DrillKinds.NameOf(kind)}", async () =>
            sender.Accepted - await WaitingAsync(cancellationToken) >= accepted, cancellationToken);
        return outcome! with { Drained = terminal.Time.GetElapsedTime(since) };
    }

    /// <summary>Checks that the gateway allows drills before messages are sent; its answer explains a refusal.</summary>
    private async Task CheckAllowedAsync(CancellationToken cancellationToken)
    {
        if ((await AskLinkAsync(cancellationToken)).IsDrillAllowed) return;
        await api.DrillPeerAsync(options.Peer, options.Kinds[0], options.Stall, cancellationToken);
    }

    private async Task CheckFarAsync(CancellationToken cancellationToken)
    {
        if (far is null) return;
        var name = (await far.GetGatewayAsync(cancellationToken)).Name;
        if (name != options.Peer)
            throw new CommandLineException(ExitCode.Usage, $"The gateway at --far-gateway is {name}, not {options.Peer}.");
    }

    /// <summary>True when the far gateway's queue is empty, which takes a completion for each message.</summary>
    private async Task<bool> IsTakenAsync(CancellationToken cancellationToken) =>
        far is null || (await far.GetQueueAsync(DrillMessages.Queue, cancellationToken)).Messages == 0;

    private async Task<long> WaitingAsync(CancellationToken cancellationToken) =>
        (await near.GetQueueAsync(_destination, cancellationToken)).Messages;

    private Task<LinkDetailsView> AskLinkAsync(CancellationToken cancellationToken) => api.ReadPeerAsync(options.Peer, cancellationToken);

    private static bool IsUp(LinkDetailsView details) => details.Link.State == LinkState.Up;

    private static string Describe(LinkView link) =>
        link.Cause is null ? HttpJson.NameOf(link.State) : $"{HttpJson.NameOf(link.State)} ({link.Cause}: {link.Evidence})";

    private async Task UntilAsync(string when, Func<Task<bool>> holds, CancellationToken cancellationToken)
    {
        var since = terminal.Time.GetTimestamp();
        while (!await holds())
        {
            if (terminal.Time.GetElapsedTime(since) > options.Limit)
            {
                var link = (await AskLinkAsync(cancellationToken)).Link;
                throw new CommandLineException(
                    ExitCode.NotBalanced, $"{char.ToUpperInvariant(when[0])}{when[1..]} not everything came through "
                        + $"within {Figures.Span(options.Limit)}: {Figures.Waiting(await WaitingAsync(cancellationToken))}, and "
                        + $"the link is {Describe(link)}.");
            }

            await Task.Delay(_glance, terminal.Time, cancellationToken);
        }
    }

    /// <summary>Stops the whole drill at once when a part fails.</summary>
    private static async Task GuardAsync(Task part, CancellationTokenSource failed)
    {
        try
        {
            await part;
        }
        catch
        {
            await failed.CancelAsync();
            throw;
        }
    }
}
