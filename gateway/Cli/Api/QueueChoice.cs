using Gateway.Store.Messages;

namespace Gateway.Cli.Api;

/// <summary>A selection of queues; null matches anything.</summary>
/// <param name="Queue">A queue's name at any peer, or <c>queue@peer</c> for one peer.</param>
internal sealed record QueueChoice(QueueKind? Kind, string? Queue, string? Peer)
{
    /// <summary>The selection as query parameters.</summary>
    public IEnumerable<(string Name, string? Value)> Parts() => [("kind", ApiPath.Word(Kind)), ("queue", Queue), ("peer", Peer)];
}
