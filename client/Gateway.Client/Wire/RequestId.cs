using System.Text;

namespace Gateway.Client.Wire;

/// <summary>The id that an application gives to a request or subscription: 1 to 64 bytes, compared by value and returned unread.</summary>
internal readonly record struct RequestId
{
    public const int LengthMax = 64;

    private readonly string? _latin1;

    private RequestId(string latin1) => _latin1 = latin1;

    public ReadOnlySpan<char> Text => _latin1;

    public static RequestId FromNumber(long number) => new(number.ToString(System.Globalization.CultureInfo.InvariantCulture));

    public static bool TryFromBytes(ReadOnlySpan<byte> bytes, out RequestId id)
    {
        var fits = bytes.Length is > 0 and <= LengthMax;
        id = fits ? new RequestId(Encoding.Latin1.GetString(bytes)) : default;
        return fits;
    }

    public byte[] ToBytes() => Encoding.Latin1.GetBytes(_latin1 ?? "");

    public override string ToString() => _latin1 ?? "";
}
