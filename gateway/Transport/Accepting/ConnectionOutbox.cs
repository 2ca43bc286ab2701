using System.Net.Sockets;
using Gateway.Client.Wire;
using Gateway.Transport.Zmtp;

namespace Gateway.Transport.Accepting;

/// <summary>
/// The bytes waiting to be sent on one accepted connection. The loop and the connection's reader put in whole messages; one task at a time
/// sends them, in as few writes as possible. Large bodies are sent without copying. Any thread; the lock is held while bytes are put in or
/// taken out, never while they are sent.
/// </summary>
/// <param name="stream">The connection's stream.</param>
/// <param name="watch">Learns when the other side is expected to read.</param>
/// <param name="budget">The limit of the bytes waiting on all connections.</param>
/// <param name="sent">Set when there is more room.</param>
internal sealed class ConnectionOutbox(Stream stream, ConnectionWatch watch, MemoryBudget budget, WakeSignal sent)
{
    private const int ChunkBytesMin = 4 * 1024;
    private const int ChunkBytesMax = 256 * 1024;

    /// <summary>While bytes wait already, more can be expected.</summary>
    private const int ChunksGrowth = 16;

    /// <summary>Larger pieces are not copied into a chunk.</summary>
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

    /// <summary>The time at which the waiting PING was put in; 0 if none waits.</summary>
    private long _asked;
    private bool _isSending;
    private bool _isClosed;

    /// <summary>Bytes put in and not yet sent.</summary>
    public long Bytes => Volatile.Read(ref _bytes);

    /// <summary>Completes with the reason when a send fails.</summary>
    public Task<Exception> Failed => _failed.Task;

    /// <summary>Puts in bytes that form whole messages.</summary>
    /// <param name="bytesMax">The limit of the waiting bytes; anything larger is taken only into an empty outbox.</param>
    /// <returns>False if the limit would be exceeded; nothing was put in.</returns>
    public bool TryPut(ReadOnlySpan<byte> head, ReadOnlySpan<byte> rest, long bytesMax)
    {
        lock (_lock)
        {
            if (!TryCount(head.Length + rest.Length, bytesMax)) return false;
            Copy(head, head.Length + rest.Length);
            Copy(rest, rest.Length);
            if (!TryBegin()) return true;
        }

        _ = SendAllAsync();
        return true;
    }

    /// <summary>
    /// Likewise, with the frames of messages after the head, each after its own header. The frames must not change afterwards.
    /// </summary>
    /// <param name="bytes">The size of the messages.</param>
    public bool TryPut(ReadOnlySpan<byte> head, IReadOnlyList<IReadOnlyList<ReadOnlyMemory<byte>>> messages, int bytes, long bytesMax)
    {
        lock (_lock)
        {
            if (!TryCount(head.Length + bytes, bytesMax)) return false;
            var left = head.Length + bytes;
            Copy(head, left);
            left -= head.Length;
            for (var i = 0; i < messages.Count; i++) left = Put(messages[i], left);
            if (!TryBegin()) return true;
        }

        _ = SendAllAsync();
        return true;
    }

    /// <summary>Asks the other side for a sign of life with a PING, unless bytes are being sent already.</summary>
    public void Ask()
    {
        lock (_lock)
        {
            if (_isSending || _isClosed) return;
            _isSending = true;
            _asked = watch.OnAsking();
            Count(ZmtpCommand.Ping.Length);
            Copy(ZmtpCommand.Ping.Span, ZmtpCommand.Ping.Length);
        }

        _ = SendAllAsync();
    }

    /// <summary>Accepts nothing more and waits until all bytes are sent, or until cancelled.</summary>
    public async Task CloseAsync(CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            _isClosed = true;
            if (!_isSending) _closed.TrySetResult();
        }

        await using (cancellationToken.UnsafeRegister(_ => _givenUp.Cancel(), null)) await _closed.Task;
        // The bytes that could not be sent.
        budget.Release(_bytes);
        _givenUp.Dispose();
    }

    private bool TryCount(int bytes, long bytesMax)
    {
        // Bytes put in after the end are never read.
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

    /// <returns>False if a send is under way or nothing is sent any more.</returns>
    private bool TryBegin()
    {
        if (_isSending || _isClosed) return false;
        return _isSending = true;
    }

    /// <returns>The bytes that follow on this message.</returns>
    private int Put(IReadOnlyList<ReadOnlyMemory<byte>> frames, int left)
    {
        Span<byte> header = stackalloc byte[ZmtpFrameHeader.LongSize];
        for (var i = 0; i < frames.Count; i++)
        {
            var body = frames[i];
            var size = PackedMessages.WriteHeader(header, body.Length, i < frames.Count - 1);
            Copy(header[..size], left);
            left -= size;
            if (body.Length <= CopiedBytesMax) Copy(body.Span, left);
            else Refer(body);
            left -= body.Length;
        }

        return left;
    }

    /// <param name="left">The bytes to be put in from here on, these included: what is put in together leaves in few pieces.</param>
    private void Copy(ReadOnlySpan<byte> bytes, int left)
    {
        while (!bytes.IsEmpty)
        {
            if (_chunkEnd == _chunk.Length) NextChunk(left);
            var count = Math.Min(bytes.Length, _chunk.Length - _chunkEnd);
            bytes[..count].CopyTo(_chunk.AsSpan(_chunkEnd));
            _chunkEnd += count;
            bytes = bytes[count..];
            left -= count;
        }
    }

    private void Refer(ReadOnlyMemory<byte> body)
    {
        EndPiece();
        _waiting.Add(body);
    }

    private void NextChunk(int left)
    {
        EndPiece();
        // A connection with little to send holds a small chunk.
        var bytes = _waiting.Count == 0 ? ChunkBytesMin : ChunkBytesMin * ChunksGrowth;
        _chunk = GC.AllocateUninitializedArray<byte>(Math.Clamp(left, bytes, ChunkBytesMax));
        (_chunkBegin, _chunkEnd) = (0, 0);
    }

    private void EndPiece()
    {
        if (_chunkEnd > _chunkBegin) _waiting.Add(_chunk.AsMemory(_chunkBegin, _chunkEnd - _chunkBegin));
        _chunkBegin = _chunkEnd;
    }

    /// <summary>
    /// The task that finds no send under way sends: the system usually takes most bytes at once, so no other task needs to be woken.
    /// </summary>
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

    /// <summary>Accounts for the bytes just sent and takes all that wait now.</summary>
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
