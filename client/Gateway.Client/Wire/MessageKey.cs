namespace Gateway.Client.Wire;

/// <summary>A message's key: a header like others, of a name that routes look for unless they are told another one.</summary>
internal static class MessageKey
{
    public const string Header = "key";

    /// <summary>The headers with the key.</summary>
    /// <param name="headers">The headers that the application gave; null for none.</param>
    /// <param name="key">Null for none.</param>
    /// <exception cref="ArgumentException">The key is empty, or the headers have another one.</exception>
    public static IReadOnlyDictionary<string, string>? Add(IReadOnlyDictionary<string, string>? headers, string? key)
    {
        if (key is null)
            return headers;
        if (key.Length == 0)
            throw new ArgumentException("The key is empty; give one, or none.", nameof(key));
        if (headers?.TryGetValue(Header, out var other) == true && other != key)
            throw new ArgumentException($"The key is '{key}', and the header '{Header}' is '{other}'; give one of them.", nameof(headers));
        var with = HeaderEntries.Copy(headers);
        with[Header] = key;
        return with;
    }
}
