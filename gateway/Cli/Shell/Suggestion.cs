namespace Gateway.Cli.Shell;

/// <summary>Finds the word that a mistyped one probably stands for. Pure.</summary>
internal static class Suggestion
{
    /// <summary>A question with the nearest known word, with a leading space; empty when none is near.</summary>
    public static string For(string word, IEnumerable<string> known) =>
        Nearest(word, known) is { } near ? $" Did you mean '{near}'?" : "";

    /// <summary>Null when none is near.</summary>
    public static string? Nearest(string word, IEnumerable<string> known)
    {
        var farthest = Math.Max(1, word.Trim('-').Length / 3);
        return known.Select(name => (name, distance: Distance(word.ToLowerInvariant(), name.ToLowerInvariant())))
            .Where(found => found.distance <= farthest).OrderBy(found => found.distance).Select(found => found.name).FirstOrDefault();
    }

    /// <summary>Insertions, deletions, replacements and swaps of neighbours that lead from one word to the other.</summary>
    private static int Distance(string from, string to)
    {
        var table = new int[from.Length + 1, to.Length + 1];
        for (var i = 0; i <= from.Length; i++) table[i, 0] = i;
        for (var j = 0; j <= to.Length; j++) table[0, j] = j;
        for (var i = 1; i <= from.Length; i++)
        {
            for (var j = 1; j <= to.Length; j++)
            {
                var replaced = table[i - 1, j - 1] + (from[i - 1] == to[j - 1] ? 0 : 1);
                table[i, j] = Math.Min(replaced, 1 + Math.Min(table[i - 1, j], table[i, j - 1]));
                if (i > 1 && j > 1 && from[i - 1] == to[j - 2] && from[i - 2] == to[j - 1])
                    table[i, j] = Math.Min(table[i, j], table[i - 2, j - 2] + 1);
            }
        }

        return table[from.Length, to.Length];
    }
}
