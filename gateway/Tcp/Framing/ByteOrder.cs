namespace Gateway.Tcp.Framing;

/// <summary>The order of the bytes of a length.</summary>
internal enum ByteOrder
{
    /// <summary>The most significant byte first, as is usual in networks.</summary>
    Big,

    /// <summary>The least significant byte first, as in the memory of most computers.</summary>
    Little,
}
