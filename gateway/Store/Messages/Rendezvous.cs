using System.IO.Hashing;
using System.Text;

namespace Gateway.Store.Messages;

/// <summary>
/// Rendezvous hashing: a key belongs to the destination whose hash with the key is the highest. So a destination that is added takes its
/// part of the keys from all others, one that is removed leaves its keys to all others, and no other key moves. The rule is for ever: with
/// another one, keys would change their destinations at an upgrade.
/// </summary>
internal static class Rendezvous
{
    /// <summary>The place of the key's destination; the order of the destinations does not matter.</summary>
    /// <param name="destinations">At least one, each once.</param>
    public static int Choose(string key, IReadOnlyList<string> destinations)
    {
        Invariant.Require(destinations.Count > 0, "a key is given to one of some destinations");
        var (chosen, highest) = (0, Hash(key, destinations[0]));
        for (var place = 1; place < destinations.Count; place++)
        {
            var hash = Hash(key, destinations[place]);
            var wins = hash > highest
                || (hash == highest && string.CompareOrdinal(destinations[place], destinations[chosen]) > 0);
            if (wins) (chosen, highest) = (place, hash);
        }

        return chosen;
    }

    /// <summary>XXH3 (64 bits, seed 0) of the destination, a zero byte, and the key, both in UTF-8.</summary>
    private static ulong Hash(string key, string destination)
    {
        var hash = new XxHash3();
        hash.Append(Encoding.UTF8.GetBytes(destination));
        hash.Append([0]);
        hash.Append(Encoding.UTF8.GetBytes(key));
        return hash.GetCurrentHashAsUInt64();
    }
}
