using System.Buffers;
using System.IO.Pipelines;
using System.Net.Sockets;
using Gateway.Tcp.Framing;

namespace Gateway.Transport.Plain;

/// <summary>Cuts what arrives on a connection into frames, as fast as the loop takes them.</summary>
internal sealed class TargetReader(NetworkStream stream, FrameFormat format, ReadAllowance allowance)
{
    private const int BufferBytes = 64 * 1024;

    /// <summary>Reads until the connection ends.</summary>
    /// <param name="onFrames">Gets the frames of one read, whose bytes it may keep.</param>
    /// <param name="onFinished">The other side sends nothing more.</param>
    public async Task<TargetBreak> RunAsync(
        Action<IReadOnlyList<ReadOnlyMemory<byte>>> onFrames, Action onFinished, CancellationToken over)
    {
        var input = PipeReader.Create(stream, new StreamPipeReaderOptions(
            bufferSize: BufferBytes, minimumReadSize: BufferBytes / 4, leaveOpen: true, useZeroByteReads: true));
        var cutter = new FrameCutter(format);
        try
        {
            while (true)
            {
                var read = await input.ReadAsync(over);
                var rest = read.Buffer;
                var (frames, bytes) = Cut(cutter, ref rest);
                input.AdvanceTo(rest.Start, rest.End);
                if (bytes > 0)
                {
                    onFrames(frames);
                    await allowance.HandOverAsync(bytes, over);
                }

                if (cutter.Fault is { } fault) return new TargetBreak(TargetBreakKind.NotAFrame, Text: fault.ToString());
                if (read.IsCompleted) break;
            }

            onFinished();
            // The other direction may go on for as long as it likes.
            await Task.Delay(Timeout.Infinite, over);
            return new TargetBreak(TargetBreakKind.Closed);
        }
        catch (OperationCanceledException)
        {
            return new TargetBreak(TargetBreakKind.Closed);
        }
        catch (Exception e) when (e is IOException or SocketException or ObjectDisposedException)
        {
            return new TargetBreak(TargetBreakKind.Broken, e);
        }
        finally
        {
            await input.CompleteAsync();
        }
    }

    private static (List<ReadOnlyMemory<byte>> Frames, int Bytes) Cut(FrameCutter cutter, ref ReadOnlySequence<byte> input)
    {
        var (frames, bytes) = (new List<ReadOnlyMemory<byte>>(), 0);
        while (cutter.TryCut(ref input, out var frame))
        {
            frames.Add(frame.ToArray());
            bytes += (int)frame.Length;
        }

        return (frames, bytes);
    }
}
