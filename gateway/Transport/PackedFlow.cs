using System.Buffers;
using System.IO.Pipelines;
using Gateway.Transport.Zmtp;

namespace Gateway.Transport;

/// <summary>
/// What flows between one connection and the ROUTER inside: packed on the way in, unpacked on the way out. It counts both in bytes, because NetMQ counts what waits in frames, of which each may have 64 KiB; and to a sender its high-water mark
/// tells what was taken in steps so long that it can be reached with 1,025 messages waiting, whatever its height.
/// </summary>
/// <param name="messageBytesMax">The largest message that there can be: as long as it is on its way it is not taken.</param>
internal sealed class PackedFlow(long messageBytesMax)
{
    private const long WaitingBytesMax = 32 * 1024 * 1024;

    private readonly MessagePacker _packer = new();
    private readonly MessageUnpacker _unpacker = new();
    private readonly SemaphoreSlim _taken = new(0, 1);
    private long _bytesIn;
    private long _bytesTaken;
    private long _bytesOut;

    /// <summary>What has moved on the connection itself.</summary>
    public WireBytes Wire { get; init; } = new();

    /// <summary>Bytes of packed messages that have come out of the ROUTER. Any thread.</summary>
    public long BytesOut => Volatile.Read(ref _bytesOut);

    /// <summary>So little waits for the loop that more may come in. Any thread.</summary>
    public bool HasRoom => Volatile.Read(ref _bytesIn) - Volatile.Read(ref _bytesTaken) <= WaitingBytesMax + messageBytesMax;

    public void Pass(in ReadOnlySequence<byte> bytes, bool isInward, PipeWriter to)
    {
        if (!isInward)
        {
            Volatile.Write(ref _bytesOut, _bytesOut + _unpacker.Unpack(bytes, to));
            return;
        }

        _packer.Pack(bytes, to);
        Volatile.Write(ref _bytesIn, _packer.BytesPacked);
    }

    /// <summary>The loop has taken so many bytes of packed messages.</summary>
    public void OnTaken(int bytes)
    {
        Volatile.Write(ref _bytesTaken, _bytesTaken + bytes);
        if (_taken.CurrentCount == 0) _taken.Release();
    }

    /// <summary>For the one who passes bytes in: waits until there is room.</summary>
    public async ValueTask AwaitRoomAsync(CancellationToken cancellationToken)
    {
        while (!HasRoom) await _taken.WaitAsync(cancellationToken);
    }
}
