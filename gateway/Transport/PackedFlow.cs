using System.Buffers;
using System.IO.Pipelines;
using Gateway.Transport.Zmtp;

namespace Gateway.Transport;

/// <summary>
/// What flows between one connection and the ROUTER inside: packed on the way in, unpacked on the way out. It counts what went out, because NetMQ does not tell the sender how much waits: its high-water mark learns
/// of what was taken in steps so long that it can be reached with 1,025 messages waiting, whatever its height.
/// </summary>
internal sealed class PackedFlow
{
    private readonly MessagePacker _packer = new();
    private readonly MessageUnpacker _unpacker = new();
    private long _bytesOut;

    /// <summary>Bytes of packed messages that have come out of the ROUTER. Any thread.</summary>
    public long BytesOut => Volatile.Read(ref _bytesOut);

    public void Pass(in ReadOnlySequence<byte> bytes, bool isInward, PipeWriter to)
    {
        if (isInward) _packer.Pack(bytes, to);
        else Volatile.Write(ref _bytesOut, _bytesOut + _unpacker.Unpack(bytes, to));
    }
}
