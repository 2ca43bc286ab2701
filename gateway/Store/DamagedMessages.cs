using System.Numerics;

namespace Gateway.Store;

/// <summary>
/// Messages whose bytes could not be read, and which were therefore taken out of their queue, or out of the dead letters. Nothing else is
/// known of them; what is left of their bytes stays in the volume.
/// </summary>
/// <param name="Queue">The queue that they were in.</param>
/// <param name="Group">The group that holds their bytes.</param>
/// <param name="First">The first of a run of numbers in that queue.</param>
/// <param name="Count">How many numbers that run has.</param>
/// <param name="Gone">A bitmap of the numbers in it that had left the queue before, as in an <see cref="Extent"/>.</param>
/// <param name="DeadLetter">The number of the dead letter that it was; 0 for messages of the queue.</param>
/// <param name="AtUnixMs">When it was found.</param>
/// <param name="Why">What was found, as a part of a sentence.</param>
internal sealed record DamagedMessages(
    QueueId Queue, long Group, long First, int Count, ulong[] Gone, long DeadLetter, long AtUnixMs, string Why)
{
    public int Messages { get; } = Count - Gone.Sum(BitOperations.PopCount);

    /// <summary>The numbers as people write them: <c>3, 5-9</c>.</summary>
    public string Numbers()
    {
        var runs = new List<(long From, long To)>();
        foreach (var number in Each())
        {
            if (runs.Count > 0 && runs[^1].To + 1 == number) runs[^1] = (runs[^1].From, number);
            else runs.Add((number, number));
        }

        return string.Join(", ", runs.Select(run => run.From == run.To ? $"{run.From}" : $"{run.From}-{run.To}"));
    }

    public IEnumerable<long> Each()
    {
        for (var index = 0; index < Count; index++)
        {
            if (!IsGone(index)) yield return First + index;
        }
    }

    private bool IsGone(int index) => index / 64 < Gone.Length && (Gone[index / 64] & (1UL << (index % 64))) != 0;
}
