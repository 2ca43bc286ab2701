using System.Buffers;
using System.Net.Sockets;

namespace Gateway.Transport.Plain;

/// <summary>
/// Writes to a connection, many small pieces together. The loop gives the pieces and bounds them; one task writes.
/// </summary>
internal sealed class TargetWriter
{
    private const int TogetherBytes = 64 * 1024;

    private readonly Lock _lock = new();
    private readonly Queue<ReadOnlyMemory<byte>> _waiting = [];
    private readonly WakeSignal _more = new();
    private readonly WakeSignal _underWay = new();
    private bool _isFinishing;
    private bool _isClosing;
    private long _handedOver;
    private long _written;

    /// <summary>The bytes that the system has taken.</summary>
    public long Written => Volatile.Read(ref _written);

    /// <summary>These, and those that it is taking.</summary>
    public long HandedOver => Volatile.Read(ref _handedOver);

    public void Write(ReadOnlyMemory<byte> bytes)
    {
        lock (_lock) _waiting.Enqueue(bytes);
        _more.Set();
    }

    /// <summary>Ends this direction once all is written.</summary>
    public void Finish()
    {
        lock (_lock) _isFinishing = true;
        _more.Set();
    }

    /// <summary>Ends the connection once all is written.</summary>
    public void Close()
    {
        lock (_lock) _isClosing = true;
        _more.Set();
    }

    /// <summary>Returns when bytes were handed over that are not acknowledged.</summary>
    /// <exception cref="OperationCanceledException">The connection has ended.</exception>
    public async ValueTask BytesUnderWayAsync(Func<long> acknowledged, CancellationToken over)
    {
        while (HandedOver <= acknowledged()) await _underWay.WaitAsync(over);
    }

    /// <param name="onWritten">Called whenever the system has taken bytes.</param>
    public async Task<TargetBreak> RunAsync(IByteOutput output, Action onWritten, CancellationToken over)
    {
        var together = ArrayPool<byte>.Shared.Rent(TogetherBytes);
        try
        {
            while (true)
            {
                var next = Take(together);
                if (next.IsEmpty)
                {
                    if (await IsDoneAsync(output)) return new TargetBreak(TargetBreakKind.Closed);
                    await _more.WaitAsync(over);
                    continue;
                }

                Volatile.Write(ref _handedOver, _handedOver + next.Length);
                _underWay.Set();
                while (!next.IsEmpty)
                {
                    // In parts, so that progress is seen where the system tells none before it has taken all.
                    var sent = await output.SendAsync(next[..Math.Min(next.Length, TogetherBytes)], over);
                    Volatile.Write(ref _written, _written + sent);
                    next = next[sent..];
                }

                onWritten();
            }
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
            ArrayPool<byte>.Shared.Return(together);
        }
    }

    /// <summary>Nothing waits: does what was to follow the last bytes. True if that ends the connection.</summary>
    private async ValueTask<bool> IsDoneAsync(IByteOutput output)
    {
        bool isFinishing, isClosing;
        lock (_lock)
        {
            if (_waiting.Count > 0) return false;
            (isFinishing, isClosing) = (_isFinishing, _isClosing);
            _isFinishing = false;
        }

        if (isFinishing || isClosing) await output.FinishAsync();
        return isClosing;
    }

    /// <summary>The next bytes: small pieces copied together, or a large one as it is.</summary>
    private ReadOnlyMemory<byte> Take(byte[] together)
    {
        var filled = 0;
        lock (_lock)
        {
            while (_waiting.TryPeek(out var piece))
            {
                if (filled == 0 && piece.Length >= TogetherBytes) return _waiting.Dequeue();
                if (filled + piece.Length > TogetherBytes) break;
                piece.CopyTo(together.AsMemory(filled));
                filled += piece.Length;
                _waiting.Dequeue();
            }
        }

        return together.AsMemory(0, filled);
    }
}
