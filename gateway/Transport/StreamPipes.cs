using System.IO.Pipelines;
using System.Net.Sockets;

namespace Gateway.Transport;

/// <summary>
/// A socket, or the TLS on it, as two pipes, in the form in which Kestrel hands over the connections that it accepts. Disposes of the
/// socket.
/// </summary>
internal sealed class StreamPipes : IDuplexPipe, IDisposable
{
    private const int BufferBytes = 64 * 1024;

    public StreamPipes(Socket socket)
        : this(new NetworkStream(socket, ownsSocket: true)) => socket.NoDelay = true;

    /// <param name="wire">Is told what arrives.</param>
    public StreamPipes(Socket socket, WireBytes wire)
        : this(new CountedStream(socket, wire)) => socket.NoDelay = true;

    public StreamPipes(Stream stream)
    {
        Stream = stream;
        // An idle connection holds no buffer: it is taken when bytes are there.
        Input = PipeReader.Create(Stream, new StreamPipeReaderOptions(
            bufferSize: BufferBytes, minimumReadSize: BufferBytes / 4, leaveOpen: true, useZeroByteReads: true));
        Output = PipeWriter.Create(Stream, new StreamPipeWriterOptions(minimumBufferSize: BufferBytes, leaveOpen: true));
    }

    /// <summary>Below the pipes; for whoever has not used them.</summary>
    public Stream Stream { get; }

    public PipeReader Input { get; }

    public PipeWriter Output { get; }

    public void Dispose() => Stream.Dispose();
}
