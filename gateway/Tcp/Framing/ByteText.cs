using System.Buffers;
using System.Text;

namespace Gateway.Tcp.Framing;

/// <summary>
/// A few bytes that people write and read as text: printable ASCII as it is, others as <c>\r \n \t \0 \\</c> or <c>\xHH</c>. Equal if the
/// bytes are. Immutable.
/// </summary>
internal readonly struct ByteText : IEquatable<ByteText>
{
    private static readonly SearchValues<char> _hexDigits = SearchValues.Create("0123456789abcdefABCDEF");

    private readonly ReadOnlyMemory<byte> _bytes;

    private ByteText(ReadOnlyMemory<byte> bytes) => _bytes = bytes;

    public int Length => _bytes.Length;

    public bool IsEmpty => _bytes.IsEmpty;

    public ReadOnlyMemory<byte> Memory => _bytes;

    public ReadOnlySpan<byte> Span => _bytes.Span;

    /// <summary>These bytes, which nobody changes any more.</summary>
    public static implicit operator ByteText(byte[] bytes) => new(bytes);

    public static bool operator ==(ByteText one, ByteText other) => one.Equals(other);

    public static bool operator !=(ByteText one, ByteText other) => !one.Equals(other);

    /// <summary>Reads the text; if it is none, <paramref name="fault"/> completes a sentence that begins with its name.</summary>
    public static bool TryParse(string text, out ByteText bytes, out string fault)
    {
        bytes = default;
        var read = new List<byte>(text.Length);
        for (var i = 0; i < text.Length; i++)
        {
            var c = text[i];
            if (c is < ' ' or > '~')
            {
                fault = $"has a character that is not printable ASCII, at position {i + 1}. Write its bytes as \\xHH.";
                return false;
            }

            if (c != '\\') read.Add((byte)c);
            else if (Escaped(text, ref i) is { } value) read.Add(value);
            else
            {
                fault = $"has an unknown escape at position {i + 1}. "
                    + "Known are \\r, \\n, \\t, \\0, \\\\ and \\xHH with two hexadecimal digits.";
                return false;
            }
        }

        fault = "";
        bytes = new ByteText(read.ToArray());
        return true;
    }

    /// <summary>The text of any bytes; what <see cref="TryParse"/> reads as the same.</summary>
    public static string Show(ReadOnlySpan<byte> bytes)
    {
        var text = new StringBuilder(bytes.Length);
        foreach (var value in bytes)
        {
            _ = value switch
            {
                (byte)'\r' => text.Append("\\r"),
                (byte)'\n' => text.Append("\\n"),

                (byte)'\t' => text.Append("\\t"),
                0 => text.Append("\\0"),
                (byte)'\\' => text.Append("\\\\"),
                >= (byte)' ' and <= (byte)'~' => text.Append((char)value),
                _ => text.Append("\\x").Append(Convert.ToHexString([value])),
            };
        }

        return text.ToString();
    }

    public bool Equals(ByteText other) => Span.SequenceEqual(other.Span);

    public override bool Equals(object? obj) => obj is ByteText other && Equals(other);

    public override int GetHashCode()
    {
        var hash = new HashCode();
        hash.AddBytes(Span);
        return hash.ToHashCode();
    }

    public override string ToString() => Show(Span);

    /// <summary>The byte of the escape that begins at <paramref name="i"/>, which moves to its end; null if it is none.</summary>
    private static byte? Escaped(string text, ref int i)
    {
        switch (i + 1 < text.Length ? text[i + 1] : '\0')
        {
            case 'r': i++; return (byte)'\r';
            case 'n': i++; return (byte)'\n';
            case 't': i++; return (byte)'\t';
            case '0': i++; return 0;
            case '\\': i++; return (byte)'\\';
            case 'x' when i + 3 < text.Length && text.AsSpan(i + 2, 2).IndexOfAnyExcept(_hexDigits) < 0:
                i += 3;
                return Convert.FromHexString(text.AsSpan(i - 1, 2))[0];
            default: return null;
        }
    }
}
