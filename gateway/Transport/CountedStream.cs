using System.Net.Sockets;

namespace Gateway.Transport;

/// <summary>
/// A socket's stream that counts arriving bytes below TLS and all protocols: a TLS record of 16 KiB takes seconds on a slow line, and the
/// layers above see nothing of it before its last byte.
/// </summary>
internal sealed class CountedStream(Socket socket, WireBytes wire) : NetworkStream(socket, ownsSocket: true)
{
    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var reading = base.ReadAsync(buffer, cancellationToken);
        // A read with an empty buffer only waits for bytes.
        if (buffer.IsEmpty) return reading;
        return reading.IsCompletedSuccessfully ? new ValueTask<int>(Count(reading.Result)) : CountAsync(reading);
    }

    private async ValueTask<int> CountAsync(ValueTask<int> reading) => Count(await reading);

    private int Count(int bytes)
    {
        wire.OnArrived(bytes);
        return bytes;
    }
}
