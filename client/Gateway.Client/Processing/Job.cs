namespace Gateway.Client.Processing;

/// <summary>A message in the hand of a processor, from its receipt to its settlement.</summary>
/// <param name="id">The message's id, the same at each delivery.</param>
/// <param name="key">Messages of one key are handled one after the other; null for a message that waits for no other.</param>
/// <param name="arrivedAt">The time at which the processor received it.</param>
internal class Job(MessageId id, string? key, TimeSpan arrivedAt)
{
    public MessageId Id { get; } = id;

    public string? Key { get; } = key;

    public TimeSpan ArrivedAt { get; } = arrivedAt;
}
