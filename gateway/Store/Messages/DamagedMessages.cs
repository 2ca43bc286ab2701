using System.Numerics;
using Gateway.Store.Records;

namespace Gateway.Store.Messages;

/// <summary>
/// Unreadable messages, removed from their queue or from the dead letters. Nothing else is known of them; the remains of their bytes stay
/// in the volume.
/// </summary>
/// <param name="Queue">The queue they were in.</param>
/// <param name="Group">The group that contains their bytes.</param>
/// <param name="First">The first of a run of numbers in that queue.</param>
/// <param name="Count">The length of that run.</param>
/// <param name="Gone">A bitmap of its numbers that had left the queue before, as in an <see cref="Extent"/>.</param>
/// <param name="DeadLetter">The number of the former dead letter; 0 for messages of the queue.</param>
/// <param name="AtUnixMs">The time of the finding.</param>
/// <param name="Why">The finding, as part of a sentence.</param>
internal sealed record DamagedMessages(
    QueueId Queue, long Group, long First, int Count, ulong[] Gone, long DeadLetter, long AtUnixMs, string Why)
{
    public int Messages { get; } = Count - Gone.Sum(BitOperations.PopCount);

    /// <summary>The numbers for people: <c>3, 5-9</c>.</summary>
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
