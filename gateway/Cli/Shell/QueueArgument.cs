using Gateway.Store;

namespace Gateway.Cli.Shell;

/// <summary>Queues as people name them: <c>queue@peer</c> is an outgoing one, <c>queue</c> what has arrived here.</summary>
internal static class QueueArgument
{
    public const string Forms = "queue@peer for what waits for a peer, queue for what has arrived here";

    public static QueueId Parse(string name) =>
        new(name.Contains('@', StringComparison.Ordinal) ? QueueKind.Outgoing : QueueKind.Inbound, name);
}
