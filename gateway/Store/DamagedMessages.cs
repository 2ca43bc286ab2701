using System.Numerics;

namespace Gateway.Store;

/// <summary>
/// Messages whose bytes could not be read, and which were therefore taken out of their queue, or out of the dead letters. Nothing else is known of them; what is left of
/// their bytes stays in the volume.
/// </summary>
/// <param name="Queue">The queue that they were in.</param>
/// <param name="Group">The group that holds their bytes.</param>
/// <param name="First">The first of a run of numbers in that queue.</param>
/// <param name="Count">How many numbers that run has.</param>
/// <param name="Gone">A bitmap of the numbers in it that had left the queue before, as in an <see cref="Extent"/>.</param>
/// <param name="DeadLetter">The number of the dead letter that it was; 0 for messages of the queue.</param>
/// <param name="AtUnixMs">When it was found.</param>
/// <param name="Why">What was found, as a part of a sentence.</param>
internal sealed record DamagedMessages(QueueId Queue, long Group, long First, int Count, ulong[] Gone, long DeadLetter, long AtUnixMs, string Why)
{
    public int Messages { get; } = Count - Gone.Sum(BitOperations.PopCount);

    /// <summary>The numbers as people write them: <c>3, 5-9</c>.</summary>
    public string Numbers()
    {
        var runs = new List<string>();
        for (var index = 0; index < Count; index++)
        {
            if (IsGone(index)) continue;
            var from = index;
            while (index + 1 < Count && !IsGone(index + 1)) index++;
            runs.Add(from == index ? $"{First + from}" : $"{First + from}-{First + index}");
        }

        return string.Join(", ", runs);
    }

    private bool IsGone(int index) => index / 64 < Gone.Length && (Gone[index / 64] & (1UL << (index % 64))) != 0;
}
