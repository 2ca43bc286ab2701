namespace Gateway.Client.Wire;

/// <summary>The headers of a message, to be changed before they are written.</summary>
internal static class HeaderEntries
{
    /// <summary>A copy; empty for null. Names are compared as they are, whatever the original does.</summary>
    public static Dictionary<string, string> Copy(IReadOnlyDictionary<string, string>? headers)
    {
        var copy = new Dictionary<string, string>(headers?.Count + 2 ?? 0, StringComparer.Ordinal);
        if (headers is not null)
        {
            foreach (var (name, text) in headers)
                copy.Add(name, text);
        }

        return copy;
    }
}
