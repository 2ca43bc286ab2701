namespace Gateway.Store.Messages;

/// <summary>One of the queues that may take a shared message.</summary>
/// <param name="IsUp">Its messages are under way to where they go: its link is up, and nobody has paused it.</param>
/// <param name="HasRoom">It takes the message.</param>
/// <param name="Waiting">The messages that wait in it.</param>
internal readonly record struct ShareCandidate(bool IsUp, bool HasRoom, long Waiting);

/// <summary>The choice of the queue for a shared message. Pure.</summary>
internal static class SharePlace
{
    /// <summary>
    /// Of those that have room: one that is up before one that is not, then the one with the fewest messages, then the next in turn. Null
    /// if none has room.
    /// </summary>
    /// <param name="turn">The place, counted on without end, at which the search begins.</param>
    public static int? Choose(ReadOnlySpan<ShareCandidate> candidates, int turn)
    {
        int? chosen = null;
        // The remainder comes first: a sum that overflows would leave out a place.
        var first = (int)((uint)turn % (uint)candidates.Length);
        for (var i = 0; i < candidates.Length; i++)
        {
            var place = (first + i) % candidates.Length;
            if (candidates[place].HasRoom && (chosen is not { } best || IsBetter(candidates[place], candidates[best]))) chosen = place;
        }

        return chosen;
    }

    private static bool IsBetter(ShareCandidate one, ShareCandidate other) =>
        one.IsUp != other.IsUp ? one.IsUp : one.Waiting < other.Waiting;
}
