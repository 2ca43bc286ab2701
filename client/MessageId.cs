namespace Gateway.Client;

/// <summary>
/// The identity of a message: 128 bits, by default a time-ordered UUID of version 7 (RFC 9562). An application may give its own; the gateway
/// accepts each id once.
/// </summary>
public readonly record struct MessageId(Guid Value) : IComparable<MessageId>
{
    /// <summary>Makes a new id, ordered by <paramref name="time"/> to the millisecond.</summary>
    public static MessageId New(DateTimeOffset time) => new(Guid.CreateVersion7(time));

    /// <summary>Reads the usual text form of 36 characters, in either case.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, out MessageId id)
    {
        var read = Guid.TryParseExact(text, "D", out var value);
        id = new MessageId(value);
        return read;
    }

    /// <inheritdoc/>
    public int CompareTo(MessageId other) => Value.CompareTo(other.Value);

    /// <summary>The usual text form, 36 characters in lower case.</summary>
    public override string ToString() => Value.ToString("D");
}
