using Gateway.Store.Messages;

namespace Gateway.Store.State;

/// <summary>A queue's place in the order of expiry.</summary>
internal readonly record struct ExpiryPlace(long ExpiryUnixMs, long Handle);

/// <summary>Some of the queues with expired messages, in the order of <see cref="ExpiryPlace"/>.</summary>
/// <param name="From">The place before the first.</param>
/// <param name="End">The place of the last.</param>
internal sealed record DueQueues(ExpiryPlace From, IReadOnlyList<QueueId> Queues, ExpiryPlace End)
{
    public static readonly DueQueues None = new(default, [], default);
}
