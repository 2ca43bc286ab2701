using Gateway.Store;

namespace Gateway.Cli.Api;

/// <summary>Which queues are meant; null for whatever it is.</summary>
/// <param name="Queue">A queue's name at whatever peer, or <c>queue@peer</c> for one.</param>
internal sealed record QueueChoice(QueueKind? Kind, string? Queue, string? Peer)
{
    /// <summary>As it stands in a query.</summary>
    public IEnumerable<(string Name, string? Value)> Parts() => [("kind", ApiPath.Word(Kind)), ("queue", Queue), ("peer", Peer)];
}
