using Gateway.Cli.Demo.Ledger;
using Spectre.Console;

namespace Gateway.Cli.Demo;

/// <summary>The closed ledger of a demo as a table.</summary>
internal static class LedgerTable
{
    public static Table Create(DemoResult result)
    {
        var verdict = result.Verdict;
        var table = new Table()
            .Border(TableBorder.Rounded)
            .AddColumns(new TableColumn("ledger"), new TableColumn("").RightAligned(), new TableColumn("must be"));

        Row("accepted (receipt given, on disk)", verdict.Accepted, verdict.Expected);
        Row("delivered (distinct)", verdict.Delivered, verdict.Expected);
        Row(result.Finished ? "lost" : "lost, or not delivered yet when the time was over", verdict.Lost, 0);
        Row("left in the queues", result.LeftInQueues, 0);
        if (!result.Tcp)
            Row("completed, confirmed to the consumer", verdict.Completed, null);
        if (result is { Finished: true, Tcp: false })
            Row("completed, confirmation lost in a kill", Math.Max(0, verdict.Delivered - verdict.Completed), null);
        Row("delivered again: gateway killed", Again(RedeliveryReason.GatewayKilled), null);
        Row("delivered again: consumer killed", Again(RedeliveryReason.ConsumerKilled), null);
        Row($"delivered again: {(result.Tcp ? "answer" : "completion")} in doubt", Again(RedeliveryReason.CompletionInDoubt), null);
        if (result.Tcp)
            Row("delivered again: sent again without an answer", Again(RedeliveryReason.SentAgain), null);
        Row("delivered again: no reason known", verdict.Unexplained, 0);
        Row("delivered again though already completed", verdict.AlreadyCompleted, 0);
        Row("out of order", verdict.OutOfOrder, 0);
        Row("corrupt bodies", verdict.Corrupt, 0);
        foreach (var peer in verdict.Returns)
        {
            Time($"{peer.Peer}: from {peer.From} to listening", peer.Listening - peer.Started);
            Time($"{peer.Peer}: from {peer.From} to first message", peer.FirstReplayed - peer.Started);
            Time($"{peer.Peer}: from listening to first message", peer.FirstReplayed - peer.Listening);
        }

        Time("whole run", result.Took);
        return table;

        long Again(RedeliveryReason reason) => verdict.DeliveredAgain.GetValueOrDefault(reason);

        void Row(string what, long? count, long? wanted)
        {
            var text = count is { } counted ? Figures.Count(counted) : "unknown";
            if (wanted is not null)
                text = count == wanted ? $"[green]{text}[/]" : $"[red]{text}[/]";
            table.AddRow(what, text, wanted is { } due ? Figures.Count(due) : "");
        }

        void Time(string what, TimeSpan? time) =>
            table.AddRow(what, time is { } known ? DemoTime.Format(known).TrimStart() : "not seen", "");
    }
}
