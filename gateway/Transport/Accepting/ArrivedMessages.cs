namespace Gateway.Transport.Accepting;

/// <summary>The whole messages of one read.</summary>
/// <param name="Messages">The frames of each message.</param>
/// <param name="Bytes">The size of all messages, headers included.</param>
internal readonly record struct ArrivedMessages(IReadOnlyList<List<byte[]>> Messages, long Bytes);
