using System.Globalization;
using System.Text;

namespace Gateway.Client.Wire;

/// <summary>Stands for one delivery of one message. Opaque to applications; on the wire the text <c>number-of-delivery</c> as made by the gateway.</summary>
internal readonly record struct DeliveryToken(long Value)
{
    public static bool TryFromBytes(ReadOnlySpan<byte> bytes, out DeliveryToken token)
    {
        var read = long.TryParse(bytes, NumberStyles.None, CultureInfo.InvariantCulture, out var value);
        token = new DeliveryToken(value);
        return read;
    }

    public byte[] ToBytes() => Encoding.ASCII.GetBytes(Value.ToString(CultureInfo.InvariantCulture));
}
