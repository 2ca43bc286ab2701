using System.Buffers;
using System.IO.Pipelines;
using System.Net.Sockets;
using Gateway.Tcp.Framing;
using Gateway.Tcp.Inlets;
using Gateway.Transport.Accepting;

namespace Gateway.Transport.Plain;

/// <summary>
/// Reads what one program sends, and cuts it into frames, all frames of a read at once. It reads no more while too much is not dealt with;
/// TCP then holds the program back. A task of its own runs it; the loop reports what was dealt with.
/// </summary>
/// <param name="memory">The limit of the bytes that all programs together have sent and that are not durable.</param>
internal sealed class ProgramReader(Stream stream, Socket socket, FrameFormat format, MemoryBudget memory, TimeProvider time)
{
    /// <summary>What a frame takes beside its bytes.</summary>
    private const int FrameOverheadBytes = 64;

    private const int BufferBytes = 64 * 1024;

    /// <summary>Of what has arrived when reading stops, this much is still read.</summary>
    private const long LastBytesMax = 1024 * 1024;

    /// <summary>The time for that: bytes that have arrived may be less than TLS can decrypt.</summary>
    private static readonly TimeSpan _lastMax = TimeSpan.FromMilliseconds(200);

    private readonly FrameCutter _cutter = new(format);
    private readonly ReadAllowance _allowance = new(format.FrameBytesMax);
    private FramePace? _pace;
    private volatile PipeReader? _input;
    private long _arrived;

    /// <summary>Bytes that have arrived of a frame that is not whole yet.</summary>
    private long _left;

    /// <summary>Memory reserved for a large frame that is not whole yet.</summary>
    private long _reserved;

    /// <summary>All bytes that have arrived. Any thread.</summary>
    public long Arrived => Volatile.Read(ref _arrived);

    /// <summary>So many frames are dealt with. Called by the loop.</summary>
    public void Take(int frames, long bytes)
    {
        var cost = CostOf(frames, bytes);
        memory.Release(cost);
        _allowance.Give((int)cost);
    }

    /// <summary>Reads nothing until <see cref="LetGo"/>. Called by the loop.</summary>
    public void Hold()
    {
        _allowance.Shut();
        _input?.CancelPendingRead();
    }

    public void LetGo() => _allowance.Open();

    /// <summary>Reads until nothing more comes.</summary>
    /// <param name="onFrames">Gets the frames of one read, whose bytes it may keep.</param>
    /// <param name="stop">Reads no more than what has arrived by then.</param>
    /// <param name="over">The connection has ended.</param>
    public async Task<InputEnd> RunAsync(
        Action<IReadOnlyList<ReadOnlyMemory<byte>>> onFrames, CancellationToken stop, CancellationToken over)
    {
        var input = PipeReader.Create(stream, new StreamPipeReaderOptions(
            bufferSize: BufferBytes, minimumReadSize: BufferBytes / 4, leaveOpen: true, useZeroByteReads: true));
        _input = input;
        using var pace = _pace = new FramePace(memory, time, input.CancelPendingRead);
        try
        {
            var (kind, evidence) = await ReadAllAsync(input, onFrames, stop, over);
            if (_cutter.Fault is { } fault) return new InputEnd(InputEndKind.NotAFrame, default, fault.ToString());
            return new InputEnd(kind, await LeftAsync(input), evidence);
        }
        finally
        {
            memory.Release(_reserved);
            await input.CompleteAsync();
        }
    }

    private async Task<(InputEndKind Kind, string Evidence)> ReadAllAsync(
        PipeReader input, Action<IReadOnlyList<ReadOnlyMemory<byte>>> onFrames, CancellationToken stop, CancellationToken over)
    {
        const string Stopped = "the inlet ended the conversation";
        try
        {
            using var either = CancellationTokenSource.CreateLinkedTokenSource(stop, over);
            await AwaitRoomAsync(either.Token);
            while (await ReadOnceAsync(input, onFrames, either.Token))
            {
                if (_pace!.IsStalled) return (InputEndKind.Stalled, Stalled());
                await AwaitRoomAsync(either.Token);
            }

            return (InputEndKind.Finished, "the program ended its connection");
        }
        catch (OperationCanceledException) when (!over.IsCancellationRequested)
        {
            await ReadLastAsync(input, onFrames);
            return (InputEndKind.Stopped, Stopped);
        }
        catch (OperationCanceledException)
        {
            return (InputEndKind.Broken, Stopped);
        }
        catch (Exception e) when (e is IOException or SocketException or ObjectDisposedException)
        {
            return (InputEndKind.Broken, $"the connection broke: {e.GetBaseException().Message}");
        }
    }

    /// <summary>
    /// Reads what has arrived when reading stops: a program that had sent it and waits for nothing has no other way to have it taken.
    /// </summary>
    private async Task ReadLastAsync(PipeReader input, Action<IReadOnlyList<ReadOnlyMemory<byte>>> onFrames)
    {
        using var time = new CancellationTokenSource(_lastMax);
        try
        {
            var until = _arrived + LastBytesMax;
            while (socket.Available > 0 && _arrived < until && await ReadOnceAsync(input, onFrames, time.Token))
            {
                // All that is there.
            }
        }
        catch (Exception e) when (e is OperationCanceledException or IOException or SocketException or ObjectDisposedException)
        {
            // The rest is not read.
        }
    }

    /// <summary>False if nothing more can be read.</summary>
    private async ValueTask<bool> ReadOnceAsync(
        PipeReader input, Action<IReadOnlyList<ReadOnlyMemory<byte>>> onFrames, CancellationToken cancellationToken)
    {
        _pace!.OnReading();
        var read = await input.ReadAsync(cancellationToken);
        var rest = read.Buffer;
        var came = rest.Length - _left;
        Volatile.Write(ref _arrived, _arrived + came);
        _pace.OnRead(came);
        var frames = new List<ReadOnlyMemory<byte>>();
        var bytes = 0L;
        while (_cutter.TryCut(ref rest, out var frame))
        {
            frames.Add(frame.ToArray());
            bytes += frame.Length;
        }

        _left = rest.Length;
        input.AdvanceTo(rest.Start, rest.End);
        if (frames.Count > 0) HandOver(frames, bytes, onFrames);
        return !read.IsCompleted && _cutter.Fault is null;
    }

    private void HandOver(List<ReadOnlyMemory<byte>> frames, long bytes, Action<IReadOnlyList<ReadOnlyMemory<byte>>> onFrames)
    {
        var cost = CostOf(frames.Count, bytes);
        memory.Take(cost - _reserved);
        _reserved = 0;
        _pace!.End();
        _allowance.Take((int)cost);
        onFrames(frames);
    }

    private async ValueTask AwaitRoomAsync(CancellationToken cancellationToken)
    {
        if (!_allowance.HasRoom) _pace!.OnHeldBack();
        await _allowance.AwaitRoomAsync(cancellationToken);
        if (_left < BufferBytes || _reserved > 0) return;
        // Once for the whole frame: a reader that held a part would wait for memory that other readers hold.
        await memory.TakeAsync(format.FrameBytesMax, cancellationToken);
        _reserved = format.FrameBytesMax;
        _pace!.Begin();
    }

    private string Stalled() => $"the program has sent less than {Figures.Bytes(FramePace.BytesMin)} of a frame of more than "
        + $"{Figures.Bytes(BufferBytes)} in {Figures.Span(FramePace.Patience)}, while other programs waited for the memory that it holds";

    /// <summary>The bytes of a frame that is not whole.</summary>
    private static async ValueTask<ReadOnlyMemory<byte>> LeftAsync(PipeReader input)
    {
        input.CancelPendingRead();
        var left = await input.ReadAsync(CancellationToken.None);
        return left.Buffer.ToArray();
    }

    private static long CostOf(int frames, long bytes) => bytes + ((long)frames * FrameOverheadBytes);
}
