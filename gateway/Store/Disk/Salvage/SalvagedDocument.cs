using System.Buffers.Binary;

namespace Gateway.Store.Disk.Salvage;

/// <summary>A document of the form <c>{ _id: Int64, d: bytes }</c> whose first part was found.</summary>
/// <param name="Collection">The page of its collection.</param>
/// <param name="Number">Its <c>_id</c>.</param>
/// <param name="Start">The address of its first part.</param>
/// <param name="IsCurrent">It was found through the current pages.</param>
internal readonly record struct SalvagedDocument(uint Collection, long Number, PartAddress Start, bool IsCurrent)
{
    /// <summary>
    /// Length (4), type 0x12, "_id", 0, number (8), type 0x05, "d", 0, length (4), subtype (1); then the bytes, and a zero.
    /// </summary>
    public const int HeadBytes = 4 + 5 + 8 + 3 + 5;

    private const byte Int64Type = 0x12;
    private const byte BinaryType = 0x05;
    private const int BytesMax = 32 * 1024 * 1024;

    /// <summary>Reads the number and the length of the whole document; false if it does not have that form.</summary>
    public static bool TryHead(ReadOnlySpan<byte> start, out long number, out int totalBytes)
    {
        (number, totalBytes) = (0, 0);
        if (start.Length < HeadBytes || start[4] != Int64Type
            || !start[5..9].SequenceEqual("_id\0"u8) || start[17] != BinaryType || !start[18..20].SequenceEqual("d\0"u8)) return false;
        totalBytes = BinaryPrimitives.ReadInt32LittleEndian(start);
        var binaryBytes = BinaryPrimitives.ReadInt32LittleEndian(start[20..]);
        number = BinaryPrimitives.ReadInt64LittleEndian(start[9..]);
        return totalBytes is >= HeadBytes + 1 and <= BytesMax && binaryBytes == totalBytes - HeadBytes - 1;
    }
}
