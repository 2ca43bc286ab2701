using System.Buffers.Binary;
using System.ComponentModel;
using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Serialization;

namespace Gateway.Client;

/// <summary>
/// The identity of a message: 128 bits, by default a time-ordered UUID of version 7 (RFC 9562). An application may choose its own; the
/// gateway accepts each id once.
/// </summary>
/// <remarks>
/// It converts from and to <see cref="Guid"/>, text, JSON (a string, also as the key of a dictionary) and bytes, always without loss. The
/// text is that of the Guid. The bytes are in the order of RFC 9562, which is the order of the text, and not that of
/// <see cref="Guid.ToByteArray()"/>, whose first three groups are reversed.
/// </remarks>
[JsonConverter(typeof(MessageIdJsonConverter))]
[TypeConverter(typeof(MessageIdTypeConverter))]
public readonly partial record struct MessageId(Guid Value) : IComparable<MessageId>
{
    private const int TextLength = 36;
    private const int SizeBytes = 16;

    /// <summary>The id of that value.</summary>
    public static implicit operator MessageId(Guid value) => new(value);

    /// <summary>The value of the id.</summary>
    public static explicit operator Guid(MessageId id) => id.Value;

    /// <summary>Makes a new id, ordered by <paramref name="time"/> to the millisecond.</summary>
    public static MessageId New(DateTimeOffset time) => new(Guid.CreateVersion7(time));

    /// <summary>The id of that value, as the conversion does.</summary>
    public static MessageId FromGuid(Guid value) => new(value);

    /// <summary>The value of the id, as the conversion does.</summary>
    public Guid ToGuid() => Value;

    /// <summary>Reads 16 bytes in the order of RFC 9562.</summary>
    /// <exception cref="ArgumentException">There are not 16 of them.</exception>
    public static MessageId FromBytes(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length != SizeBytes)
            throw new ArgumentException($"A message id has {SizeBytes} bytes, not {bytes.Length}.", nameof(bytes));
        return new MessageId(new Guid(
            BinaryPrimitives.ReadInt32BigEndian(bytes), BinaryPrimitives.ReadInt16BigEndian(bytes[4..]),
            BinaryPrimitives.ReadInt16BigEndian(bytes[6..]), bytes[8], bytes[9], bytes[10], bytes[11], bytes[12], bytes[13], bytes[14],
            bytes[15]));
    }

    /// <summary>The 16 bytes in the order of RFC 9562.</summary>
    public byte[] ToByteArray()
    {
        var bytes = Value.ToByteArray();
        bytes.AsSpan(0, 4).Reverse();
        bytes.AsSpan(4, 2).Reverse();
        bytes.AsSpan(6, 2).Reverse();
        return bytes;
    }

    /// <summary>Parses the usual text form of 36 characters, case-insensitively.</summary>
    /// <exception cref="FormatException">The text has another form.</exception>
    public static MessageId Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return Parse(text.AsSpan());
    }

    /// <inheritdoc cref="Parse(string)"/>
    public static MessageId Parse(ReadOnlySpan<char> text) => TryParse(text, out var id)
        ? id
        : throw new FormatException("A message id is a UUID in its usual text form of 36 characters.");

    /// <inheritdoc cref="TryParse(ReadOnlySpan{char}, out MessageId)"/>
    public static bool TryParse([NotNullWhen(true)] string? text, out MessageId id) => TryParse(text.AsSpan(), out id);

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
