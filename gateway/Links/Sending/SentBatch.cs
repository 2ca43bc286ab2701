namespace Gateway.Links.Sending;

/// <summary>A batch sent on a connection: the numbers of its messages, and what is known of its delivery.</summary>
/// <param name="Place">Its place among everything sent on the connection.</param>
/// <param name="UnderWay">The bytes unacknowledged on the connection at that time, these included.</param>
/// <param name="Check">The <see cref="Store.Messages.MessageCheck"/> of the last message.</param>
internal readonly record struct SentBatch(
    long First, long Last, int Bytes, int Messages, TimeSpan SentAt, long Place, int UnderWay, uint Check);

/// <summary>Batches of a queue that were acknowledged together.</summary>
/// <param name="Messages">The number of their messages.</param>
/// <param name="Bytes">The bytes of all of them.</param>
/// <param name="LargestBytes">The bytes of the largest.</param>
/// <param name="Place">The place of the last among everything sent on the connection; 0 if there is none.</param>
/// <param name="UnderWay">The bytes unacknowledged on the connection when the last was sent, itself included.</param>
/// <param name="Age">The time since then.</param>
internal readonly record struct AckedBatches(int Messages, int Bytes, int LargestBytes, long Place, int UnderWay, TimeSpan Age);
