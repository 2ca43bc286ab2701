using Gateway.Store.Messages;

namespace Gateway.Cli.Shell;

/// <summary>Queue names on the command line: <c>queue@peer</c> is an outgoing queue, <c>queue</c> an inbound one.</summary>
internal static class QueueArgument
{
    public const string Forms = "queue@peer for what waits for a peer, queue for what has arrived here";

    public static QueueId Parse(string name) =>
        new(name.Contains('@', StringComparison.Ordinal) ? QueueKind.Outgoing : QueueKind.Inbound, name);
}
