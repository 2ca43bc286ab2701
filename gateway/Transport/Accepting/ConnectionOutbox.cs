using System.Net.Sockets;
using Gateway.Client.Wire;
using Gateway.Transport.Zmtp;

namespace Gateway.Transport.Accepting;

/// <summary>
/// What waits to be sent on one accepted connection. The loop and the connection's reader put whole messages in; one of them at a time
/// sends, in as few writes as it can. Large bodies are sent from where they are. Any thread; the lock is held while bytes are put in or
/// taken out, never while they are sent.
/// </summary>
/// <param name="stream">Of the connection.</param>
/// <param name="watch">Is told when the other side has to take something.</param>
/// <param name="budget">Of what waits for all connections.</param>
/// <param name="sent">Set when there is more room.</param>
internal sealed class ConnectionOutbox(Stream stream, ConnectionWatch watch, MemoryBudget budget, WakeSignal sent)
{
    private const int ChunkBytesMin = 4 * 1024;
    private const int ChunkBytesMax = 64 * 1024;

    /// <summary>What is larger is not copied into a chunk.</summary>
    private const int CopiedBytesMax = 16 * 1024;

    private readonly Lock _lock = new();
    private readonly CancellationTokenSource _givenUp = new();
    private readonly TaskCompletionSource<Exception> _failed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _closed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private List<ReadOnlyMemory<byte>> _waiting = [];
    private List<ReadOnlyMemory<byte>> _leaving = [];
    private byte[] _chunk = [];
    private int _chunkBegin;
    private int _chunkEnd;
    private long _bytes;

    /// <summary>When the PING that waits was put in; 0 when none does.</summary>
    private long _asked;
    private bool _isSending;
    private bool _isClosed;

    /// <summary>Bytes that were put in and have not been sent.</summary>
    public long Bytes => Volatile.Read(ref _bytes);

    /// <summary>Done when something could not be sent, with the reason.</summary>
    public Task<Exception> Failed => _failed.Task;

    /// <summary>Puts in bytes that make whole messages.</summary>
    /// <param name="bytesMax">Of what may wait; what is larger waits alone.</param>
    /// <returns>False when more would wait; nothing was put in.</returns>
    public bool TryPut(ReadOnlySpan<byte> head, ReadOnlySpan<byte> rest, long bytesMax)
    {
        lock (_lock)
        {
            if (!TryCount(head.Length + rest.Length, bytesMax)) return false;
            Copy(head);
            Copy(rest);
            if (!TryBegin()) return true;
        }

        _ = SendAllAsync();
        return true;
    }

    /// <summary>
    /// As the other, with the frames of one message behind the head, each behind its own header. They are not changed any more.
    /// </summary>
    public bool TryPut(ReadOnlySpan<byte> head, IReadOnlyList<ReadOnlyMemory<byte>> frames, long bytesMax)
    {
        lock (_lock)
        {
            if (!TryCount(head.Length + PackedMessages.SizeBytes(frames), bytesMax)) return false;
            Copy(head);
            Span<byte> header = stackalloc byte[ZmtpFrameHeader.LongSize];
            for (var i = 0; i < frames.Count; i++)
            {
                Copy(header[..PackedMessages.WriteHeader(header, frames[i].Length, i < frames.Count - 1)]);
                if (frames[i].Length <= CopiedBytesMax) Copy(frames[i].Span);
                else Refer(frames[i]);
            }

            if (!TryBegin()) return true;
        }

        _ = SendAllAsync();
        return true;
    }

    /// <summary>Asks the other side for a sign of life, unless it has something to take already.</summary>
    public void Ask()
    {
        lock (_lock)
        {
            if (_isSending || _isClosed) return;
            _isSending = true;
            _asked = watch.OnAsking();
            Count(ZmtpCommand.Ping.Length);
            Copy(ZmtpCommand.Ping.Span);
        }

        _ = SendAllAsync();
    }

    /// <summary>Takes nothing more in, and waits until all has been sent, or until it is cancelled.</summary>
    public async Task CloseAsync(CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            _isClosed = true;
            if (!_isSending) _closed.TrySetResult();
        }

        await using (cancellationToken.UnsafeRegister(_ => _givenUp.Cancel(), null)) await _closed.Task;
        // What could not be sent.
        budget.Release(_bytes);
        _givenUp.Dispose();
    }

    private bool TryCount(int bytes, long bytesMax)
    {
        // Nobody reads what is put in after the end.
        if (_isClosed) return true;
        if (_bytes > 0 && _bytes + bytes > bytesMax) return false;
        Count(bytes);
        return true;
    }

    private void Count(long bytes)
    {
        budget.Take(bytes);
        Volatile.Write(ref _bytes, _bytes + bytes);
    }

    /// <returns>False when somebody sends already, or nothing is sent any more.</returns>
    private bool TryBegin()
    {
        if (_isSending || _isClosed) return false;
        return _isSending = true;
    }

    private void Copy(ReadOnlySpan<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            if (_chunkEnd == _chunk.Length) NextChunk();
            var count = Math.Min(bytes.Length, _chunk.Length - _chunkEnd);
            bytes[..count].CopyTo(_chunk.AsSpan(_chunkEnd));
            _chunkEnd += count;
            bytes = bytes[count..];
        }
    }

    private void Refer(ReadOnlyMemory<byte> body)
    {
        EndPiece();
        _waiting.Add(body);
    }

    private void NextChunk()
    {
        EndPiece();
        // A connection that has little to say holds a small one.
        _chunk = GC.AllocateUninitializedArray<byte>(_waiting.Count == 0 ? ChunkBytesMin : ChunkBytesMax);
        (_chunkBegin, _chunkEnd) = (0, 0);
    }

    private void EndPiece()
    {
        if (_chunkEnd > _chunkBegin) _waiting.Add(_chunk.AsMemory(_chunkBegin, _chunkEnd - _chunkBegin));
        _chunkBegin = _chunkEnd;
    }

    /// <summary>Whoever finds nobody sending sends: the system takes most of it at once, so that nobody has to be woken for it.</summary>
    private async Task SendAllAsync()
    {
        try
        {
            while (TryTakeAll(out var asked))
            {
                watch.OnWriteBegun();
                foreach (var piece in _leaving) await stream.WriteAsync(piece, _givenUp.Token);
                watch.OnWriteEnded();
                if (asked != 0) watch.OnAsked(asked);
                sent.Set();
            }
        }
        catch (Exception e) when (e is IOException or SocketException or OperationCanceledException or ObjectDisposedException)
        {
            watch.OnWriteEnded();
            lock (_lock) _isClosed = true;
            _failed.TrySetResult(e);
            _closed.TrySetResult();
        }
    }

    /// <summary>What was taken last has been sent; next comes all that waits.</summary>
    private bool TryTakeAll(out long asked)
    {
        lock (_lock)
        {
            var gone = _leaving.Sum(piece => (long)piece.Length);
            _leaving.Clear();
            budget.Release(gone);
            Volatile.Write(ref _bytes, _bytes - gone);
            EndPiece();
            (_waiting, _leaving) = (_leaving, _waiting);
            (asked, _asked) = (_asked, 0);
            _isSending = _leaving.Count > 0;
            if (_isSending) return true;
            if (_chunk.Length > ChunkBytesMin) (_chunk, _chunkBegin, _chunkEnd) = ([], 0, 0);
            if (_isClosed) _closed.TrySetResult();
            return false;
        }
    }
}
