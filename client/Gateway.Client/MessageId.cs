namespace Gateway.Client;

/// <summary>
/// The identity of a message: 128 bits, by default a time-ordered UUID of version 7 (RFC 9562). An application may choose its own; the
/// gateway accepts each id once.
/// </summary>
public readonly record struct MessageId(Guid Value) : IComparable<MessageId>
{
    private const int TextLength = 36;

    /// <summary>Makes a new id, ordered by <paramref name="time"/> to the millisecond.</summary>
    public static MessageId New(DateTimeOffset time) => new(Guid.CreateVersion7(time));

    /// <summary>Parses the usual text form of 36 characters, case-insensitively.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, out MessageId id)
    {
        var value = Guid.Empty;
        var read = IsUsualForm(text) && Guid.TryParseExact(text, "D", out value);
        id = new MessageId(value);
        return read;
    }

    /// <inheritdoc/>
    public int CompareTo(MessageId other) => Value.CompareTo(other.Value);

    /// <summary>The usual text form: 36 lower-case characters.</summary>
    public override string ToString() => Value.ToString("D");

    /// <summary>Rejects the white space, signs and 0x that Guid's own parser accepts: on the wire each id has one form.</summary>
    private static bool IsUsualForm(ReadOnlySpan<char> text)
    {
        if (text.Length != TextLength)
            return false;
        for (var i = 0; i < text.Length; i++)
        {
            var fits = i is 8 or 13 or 18 or 23 ? text[i] == '-' : char.IsAsciiHexDigit(text[i]);
            if (!fits)
                return false;
        }

        return true;
    }
}
