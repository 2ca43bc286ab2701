namespace Gateway.Links;

/// <summary>A batch that was sent on a connection: the numbers of its messages, and what is known about its way.</summary>
/// <param name="Place">Among all that was sent on the connection.</param>
/// <param name="UnderWay">Bytes that were unacknowledged on it then, these included.</param>
/// <param name="Check">The <see cref="Store.MessageCheck"/> of the last message.</param>
internal readonly record struct SentBatch(
    long First, long Last, int Bytes, int Messages, TimeSpan SentAt, long Place, int UnderWay, uint Check);

/// <summary>Batches of a queue that were acknowledged together.</summary>
/// <param name="Bytes">Of all of them.</param>
/// <param name="LargestBytes">Of the largest.</param>
/// <param name="Place">Of the last, among all that was sent on the connection; 0 if there is none.</param>
/// <param name="UnderWay">Bytes that were unacknowledged on the connection when the last was sent, itself included.</param>
/// <param name="Age">Since then.</param>
internal readonly record struct AckedBatches(int Bytes, int LargestBytes, long Place, int UnderWay, TimeSpan Age);
