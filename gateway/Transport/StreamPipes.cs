using System.IO.Pipelines;
using System.Net.Sockets;

namespace Gateway.Transport;

/// <summary>A socket as two pipes, in the form in which Kestrel hands over the connections that it accepts. Disposes of the socket.</summary>
internal sealed class StreamPipes : IDuplexPipe, IDisposable
{
    private const int BufferBytes = 64 * 1024;

    private readonly NetworkStream _stream;

    public StreamPipes(Socket socket)
    {
        socket.NoDelay = true;
        _stream = new NetworkStream(socket, ownsSocket: true);
        // An idle connection holds no buffer: it is taken when bytes are there.
        Input = PipeReader.Create(_stream, new StreamPipeReaderOptions(bufferSize: BufferBytes, minimumReadSize: BufferBytes / 4, leaveOpen: true, useZeroByteReads: true));
        Output = PipeWriter.Create(_stream, new StreamPipeWriterOptions(minimumBufferSize: BufferBytes, leaveOpen: true));
    }

    public PipeReader Input { get; }

    public PipeWriter Output { get; }

    public void Dispose() => _stream.Dispose();
}
