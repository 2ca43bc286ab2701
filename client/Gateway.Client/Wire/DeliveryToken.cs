namespace Gateway.Client.Wire;

/// <summary>Identifies one delivery of one message. Opaque to applications; on the wire a decimal number chosen by the gateway.</summary>
internal readonly record struct DeliveryToken(long Value)
{
    public static bool TryFromBytes(ReadOnlySpan<byte> bytes, out DeliveryToken token)
    {
        var read = WireText.TryNumber(bytes, out var value);
        token = new DeliveryToken(value);
        return read;
    }

    public byte[] ToBytes() => WireText.FromNumber(Value);
}
