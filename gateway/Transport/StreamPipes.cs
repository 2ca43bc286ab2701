using System.IO.Pipelines;
using System.Net.Sockets;

namespace Gateway.Transport;

/// <summary>
/// A socket, or the TLS stream on it, as two pipes, the form in which Kestrel hands over accepted connections. Disposes of the socket.
/// </summary>
internal sealed class StreamPipes : IDuplexPipe, IDisposable
{
    private const int BufferBytes = 64 * 1024;

    public StreamPipes(Socket socket)
        : this(new NetworkStream(socket, ownsSocket: true)) => socket.NoDelay = true;

    /// <param name="wire">Counts the arriving bytes.</param>
    public StreamPipes(Socket socket, WireBytes wire)
        : this(new CountedStream(socket, wire)) => socket.NoDelay = true;

    public StreamPipes(Stream stream)
    {
        Stream = stream;
        // An idle connection holds no buffer: one is rented when bytes arrive.
        Input = PipeReader.Create(Stream, new StreamPipeReaderOptions(
            bufferSize: BufferBytes, minimumReadSize: BufferBytes / 4, leaveOpen: true, useZeroByteReads: true));
        Output = PipeWriter.Create(Stream, new StreamPipeWriterOptions(minimumBufferSize: BufferBytes, leaveOpen: true));
    }

    /// <summary>The stream below the pipes, for use before the pipes are.</summary>
    public Stream Stream { get; }

    public PipeReader Input { get; }

    public PipeWriter Output { get; }

    public void Dispose() => Stream.Dispose();
}
