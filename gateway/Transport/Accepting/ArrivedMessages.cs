namespace Gateway.Transport.Accepting;

/// <summary>Messages that one read has brought whole.</summary>
/// <param name="Messages">The frames of each.</param>
/// <param name="Bytes">Of all of them, with their headers.</param>
internal readonly record struct ArrivedMessages(IReadOnlyList<List<byte[]>> Messages, long Bytes);
