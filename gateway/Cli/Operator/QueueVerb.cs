using System.CommandLine;
using Gateway.Cli.Api;
using Gateway.Cli.Shell;
using Gateway.Http.Views;
using Gateway.Management;
using Gateway.Store.Messages;

namespace Gateway.Cli.Operator;

/// <summary>The queues of the running gateway.</summary>
internal static class QueueVerb
{
    private const int PeekDefault = 20;
    private const int ListDefault = 1000;
    private const int PageMax = 1000;

    public static Command Create(Terminal terminal) =>
        new("queue", "Look at the queues of the running gateway and into them; pause, purge, redirect, export and import them.")
    {
        List(terminal), Show(terminal), Peek(terminal), Retry(terminal), Pause(terminal), Resume(terminal), Purge(terminal),
            Redirect(terminal), ExportVerb.OfQueue(terminal), QueueImportVerb.Create(terminal),
    };

    private static Command List(Terminal terminal)
    {
        var (kind, peer, after, limit) = (ApiArguments.Kind(), ApiArguments.OfPeer(), ApiArguments.After(),
            ApiArguments.Limit(ListDefault));
        after.Description = "Go on from here, as the listing before said.";
        return new Command("ls", "List the queues, in the order in which they were made: what waits in them, and since when.")
            { kind, peer, after, limit }.ShownFromApi(terminal, async (call, cancellationToken) =>
        {
            var (found, next, max) = (new List<QueueView>(), (long?)call.Parsed.GetValue(after), call.Parsed.GetValue(limit));
            do
            {
                var page = await call.Client.ReadQueuesAsync(call.Parsed.GetValue(kind), call.Parsed.GetValue(peer), next.Value,
                    Math.Min(PageMax, max - found.Count), cancellationToken);
                found.AddRange(page.Queues);
                next = page.Next;
            }
            while (found.Count < max && next is not null);

            await call.Output.WriteListAsync(found, QueueReport.List, "There are none: nothing was ever stored.", cancellationToken);
            if (next is not null) await call.Terminal.Error.WriteLineAsync($"There may be more: go on with --after {next}.");
            return ExitCode.Ok;
        });
    }

    private static Command Show(Terminal terminal)
    {
        var queue = ApiArguments.Queue();
        return new Command("show", "Show one queue.") { queue }.ShownFromApi(terminal, async (call, cancellationToken) =>
        {
            await call.Output.WriteAsync(await call.Client.ReadQueueAsync(call.Parsed.QueueOf(queue), cancellationToken),
                QueueReport.Details, cancellationToken);
            return ExitCode.Ok;
        });
    }

    private static Command Peek(Terminal terminal)
    {
        var (queue, filter, state, after, limit) =
            (ApiArguments.Queue(), new FilterOptions(), ApiArguments.State(), ApiArguments.After(), ApiArguments.Limit(PeekDefault));
        var command = new Command("peek", "List messages of a queue, in order; they stay where they are.") { queue, state, after, limit };
        filter.AddTo(command);
        return command.ShownFromApi(terminal, (call, cancellationToken) =>
            MessagePages.ShowAsync(call, call.Parsed.QueueOf(queue), filter.Read(call.Parsed, terminal.Time.GetUtcNow()),
                call.Parsed.GetValue(state), call.Parsed.GetValue(after), call.Parsed.GetValue(limit), cancellationToken));
    }

    private static Command Retry(Terminal terminal)
    {
        var queue = ApiArguments.Queue();
        return new Command("retry", "Try the link to the queue's peer at once, instead of at its next turn.") { queue }
            .OnApi(terminal, async (call, cancellationToken) =>
        {
            var id = call.Parsed.QueueOf(queue);
            if (id.Kind != QueueKind.Outgoing) throw new CommandLineException(
                ExitCode.Usage, $"'{id.Name}' is an inbound queue, whose messages wait for consumers and no link; give queue@peer.");
            await call.Client.RetryPeerAsync(id.Peer, cancellationToken);
            return await SayAsync(call, $"The link to {id.Peer} is tried; 'gateway peer explain {id.Peer}' says what comes of it.");
        });
    }

    private static Command Pause(Terminal terminal)
    {
        var (queue, why) = (ApiArguments.Queue(), ApiArguments.Why());
        return new Command("pause", "Let nothing out of a queue until it is resumed, across restarts too; it still takes messages.")
            { queue, why }.OnApi(terminal, async (call, cancellationToken) =>
        {
            var id = call.Parsed.QueueOf(queue);
            await call.Client.PauseQueueAsync(id, call.Parsed.GetValue(why)!, cancellationToken);
            return await SayAsync(call, $"Nothing leaves {id} any more until 'gateway queue resume {id.Name}'.");
        });
    }

    private static Command Resume(Terminal terminal)
    {
        var queue = ApiArguments.Queue();
        return new Command("resume", "Let the messages of a queue go again.") { queue }.OnApi(terminal, async (call, cancellationToken) =>
        {
            var id = call.Parsed.QueueOf(queue);
            await call.Client.ResumeQueueAsync(id, cancellationToken);
            return await SayAsync(call, $"Messages of {id} go out again.");
        });
    }

    private static Command Purge(Terminal terminal) =>
        Act(terminal, OperationKind.Purge, new Command("purge", "Remove messages of a queue for good."), ApiArguments.Queue(), null);

    private static Command Redirect(Terminal terminal)
    {
        var to = new Argument<string>("destination") { Description = "Where they go: queue@peer, or a route to one, or one that spreads." };
        return Act(terminal, OperationKind.Redirect,
            new Command("redirect", "Move messages of a queue to the end of another one, in order."), ApiArguments.Queue(), to);
    }

    private static Command Act(Terminal terminal, OperationKind kind, Command command, Argument<string> queue, Argument<string>? to)
    {
        var (choice, act) = (new MessageChoice(), new MessageAct(onQueue: true));
        command.Arguments.Add(queue);
        if (to is not null) command.Arguments.Add(to);
        choice.AddTo(command);
        act.AddTo(command);
        return command.OnApi(terminal, (call, cancellationToken) =>
            act.RunAsync(call, choice.Read(call.Parsed, kind, call.Parsed.QueueOf(queue), terminal.Time.GetUtcNow()) with
            { Destination = to is null ? "" : call.Parsed.GetRequiredValue(to) }, cancellationToken));
    }

    private static async Task<ExitCode> SayAsync(ApiCall call, string sentence)
    {
        if (call.Output.IsForPeople) await call.Terminal.WriteDoneAsync(sentence, sentence, CancellationToken.None);
        return ExitCode.Ok;
    }
}
