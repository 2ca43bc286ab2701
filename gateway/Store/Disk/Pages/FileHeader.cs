using System.Buffers.Binary;
using Gateway.Store.Disk.Files;

namespace Gateway.Store.Disk.Pages;

// The page of the first frame of either file (frame of kind 1, position 0, epoch 0). Numbers are little-endian.
//
//   offset  size  field
//        0    16  ASCII "gateway volume", then two zeros       } these twenty bytes
//       16     4  format version, now 1                        } stand here in every version to come
//       20     4  role: 1 data, 2 log
//       24    16  volume id (UUID, big-endian); the two files of a volume share it
//       40  8152  zero

internal enum FileRole
{
    Data = 1,
    Log = 2,
}

/// <summary>The first frame of a file: its format, role and volume. Written once, when the file is created.</summary>
internal static class FileHeader
{
    public const int Version = 1;

    private const int VersionOffset = 16;
    private const int RoleOffset = 20;
    private const int IdOffset = 24;

    private static ReadOnlySpan<byte> Magic => "gateway volume\0\0"u8;

    public static void Write(IDiskFile file, FileRole role, Guid volumeId)
    {
        var page = new byte[PageFrame.PageSize];
        Magic.CopyTo(page);
        BinaryPrimitives.WriteInt32LittleEndian(page.AsSpan(VersionOffset), Version);
        BinaryPrimitives.WriteInt32LittleEndian(page.AsSpan(RoleOffset), (int)role);
        volumeId.TryWriteBytes(page.AsSpan(IdOffset), bigEndian: true, out _);

        var frame = new byte[PageFrame.Size];
        PageFrame.Write(frame, new FrameHead(FrameKind.FileHeader, 0, 0), page);
        file.Write(0, frame);
    }

    /// <summary>
    /// Reads the volume's id; refuses a newer version before trusting any other field, since that may be framed differently.
    /// </summary>
    public static Guid Read(IDiskFile file, FileRole role)
    {
        var frame = new byte[PageFrame.Size];
        var read = file.Read(0, frame);
        var page = frame.AsSpan(PageFrame.HeadSize);

        var version = BinaryPrimitives.ReadInt32LittleEndian(page[VersionOffset..]);
        if (page.StartsWith(Magic) && version > Version)
        {
            throw new StoreFormatException(
                $"{file.Name} has format version {version}; this gateway reads versions up to {Version}. Start the newer gateway "
                    + $"that wrote it; if none did, the file is damaged: 'gateway store repair' saves what is left.");
        }

        if (read != PageFrame.Size || !PageFrame.TryRead(frame, out var head) || head != new FrameHead(FrameKind.FileHeader, 0, 0)
            || !page.StartsWith(Magic) || version != Version)
            throw new CorruptPageException(file.Name, 0, $"a file header of version {Version}");

        if (BinaryPrimitives.ReadInt32LittleEndian(page[RoleOffset..]) != (int)role)
            throw new StoreFormatException($"{file.Name} is not a {role} file. Were files renamed? Put them back under their own "
                + $"names, or save what is left with 'gateway store repair'.");

        return new Guid(page.Slice(IdOffset, 16), bigEndian: true);
    }
}
