using System.Globalization;
using System.Text;

namespace Gateway.Client.Wire;

/// <summary>Text, numbers, times and ids as encoded in frames. Parsing never throws and accepts only the exact form.</summary>
internal static class WireText
{
    /// <summary>The last millisecond that a <see cref="DateTimeOffset"/> can represent.</summary>
    public const long UnixMsMax = 253_402_300_799_999;

    private const int DigitsMax = 19;
    private const int MessageIdLength = 36;

    public static byte[] FromNumber(long number) => Encoding.ASCII.GetBytes(number.ToString(CultureInfo.InvariantCulture));

    /// <summary>Half a surrogate pair becomes U+FFFD, so that writing never throws.</summary>
    public static byte[] FromText(string text) => Encoding.UTF8.GetBytes(text);

    public static byte[] FromMessageId(MessageId id)
    {
        var bytes = new byte[MessageIdLength];
        id.Value.TryFormat(bytes, out _, "D");
        return bytes;
    }

    /// <summary>The longest prefix of whole characters that fits in the given number of UTF-8 bytes.</summary>
    public static string Cut(string text, int bytesMax)
    {
        var bytes = FromText(text);
        if (bytes.Length <= bytesMax)
            return text;
        var end = bytesMax;
        while ((bytes[end] & 0xC0) == 0x80)
            end--;
        return Encoding.UTF8.GetString(bytes, 0, end);
    }

    /// <summary>Empty for 0, which means never.</summary>
    public static byte[] FromTime(long unixMs) => unixMs == 0 ? [] : FromNumber(unixMs);

    /// <summary>
    /// An expiry as the protocol has it, where 0 means never: a time in 1970 or before is one that has passed, not none.
    /// </summary>
    public static long ToUnixMs(DateTimeOffset? expiry) => expiry is { } time ? Math.Max(1, time.ToUnixTimeMilliseconds()) : 0;

    /// <summary>Empty for null, which means the default.</summary>
    public static byte[] FromDuration(TimeSpan? duration) => duration is { } some ? FromNumber((long)some.TotalMilliseconds) : [];

    /// <summary>Digits only, at least one, up to <see cref="long.MaxValue"/>.</summary>
    public static bool TryNumber(ReadOnlySpan<byte> bytes, out long number)
    {
        number = 0;
        if (bytes.Length is 0 or > DigitsMax)
            return false;
        var sum = 0UL;
        foreach (var digit in bytes)
        {
            if (digit is < (byte)'0' or > (byte)'9')
                return false;
            sum = sum * 10 + (uint)(digit - '0');
        }

        if (sum > long.MaxValue)
            return false;
        number = (long)sum;
        return true;
    }

    public static bool TryNumber(ReadOnlySpan<byte> bytes, long min, long max, out long number) =>
        TryNumber(bytes, out number) && number >= min && number <= max;

    /// <summary>Empty is 0: never.</summary>
    public static bool TryTime(ReadOnlySpan<byte> bytes, out long unixMs)
    {
        unixMs = 0;
        return bytes.IsEmpty || TryNumber(bytes, 0, UnixMsMax, out unixMs);
    }

    /// <summary>Well-formed UTF-8 only.</summary>
    public static bool TryText(ReadOnlySpan<byte> bytes, out string text)
    {
        var valid = System.Text.Unicode.Utf8.IsValid(bytes);
        text = valid ? Encoding.UTF8.GetString(bytes) : "";
        return valid;
    }

    public static bool TryMessageId(ReadOnlySpan<byte> bytes, out MessageId id)
    {
        id = default;
        if (bytes.Length != MessageIdLength)
            return false;
        Span<char> text = stackalloc char[MessageIdLength];
        Encoding.Latin1.GetChars(bytes, text);
        return MessageId.TryParse(text, out id);
    }
}
