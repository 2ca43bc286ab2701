namespace Gateway.Intake;

/// <summary>Patterns of permitted names: exact names, or with a star for any run of characters. Case-sensitive.</summary>
internal sealed class NamePatterns(IEnumerable<string> patterns)
{
    private readonly IReadOnlyList<string> _patterns = [.. patterns];

    public bool Allow(string name) => _patterns.Any(pattern => Fits(pattern, name));

    /// <summary>Matches in a time of at most the product of both lengths.</summary>
    private static bool Fits(ReadOnlySpan<char> pattern, ReadOnlySpan<char> name)
    {
        var (p, n, star, resumeAt) = (0, 0, -1, 0);
        while (n < name.Length)
        {
            if (p < pattern.Length && pattern[p] == '*')
            {
                star = p++;
                resumeAt = n;
            }
            else if (p < pattern.Length && pattern[p] == name[n])
            {
                p++;
                n++;
            }
            else if (star >= 0)
            {
                // Let the last star match one more character.
                p = star + 1;
                n = ++resumeAt;
            }
            else
            {
                return false;
            }
        }

        return pattern[p..].IndexOfAnyExcept('*') < 0;
    }
}
