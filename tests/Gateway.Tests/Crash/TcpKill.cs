namespace Gateway.Tests.Crash;

/// <summary>A death that may cost frames for which the way of delivery promises nothing: those written to the target.</summary>
/// <param name="ReceivedUpTo">The highest number received before it.</param>
/// <param name="SentUpTo">The highest number that can have been sent before it was over.</param>
internal sealed record TcpKill(long ReceivedUpTo, long SentUpTo);
