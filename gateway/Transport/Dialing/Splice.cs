using System.Buffers;
using System.IO.Pipelines;
using System.Net.Sockets;
using Gateway.Transport.Zmtp;

namespace Gateway.Transport.Dialing;

/// <summary>
/// Carries bytes between an outside connection and the gateway's own NetMQ socket, after both handshakes, until one side ends. All bytes
/// from outside are checked before NetMQ sees them. NetMQ's bytes are followed only to find the end of a frame, where a PING may be
/// inserted. Neither direction reads more than the other side accepts.
/// </summary>
/// <param name="wire">Counts the bytes of the outside connection.</param>
/// <param name="drill">The fault that an operator may inject.</param>
/// <param name="own">The gateway's own socket, on the inside.</param>
internal sealed class Splice(IDuplexPipe outside, IDuplexPipe inside, ZmtpChecker checker, ConnectionRounds rounds, WireBytes wire,
    ConnectionDrill drill, IInnerSocket own)
{
    private static readonly ZmtpLimits _own = new([], long.MaxValue, long.MaxValue, int.MaxValue);

    private readonly ConnectionWatch _watch = new(rounds.Patience, rounds.Time, wire);
    private readonly ZmtpChecker _outward = ZmtpChecker.AfterHandshake(_own);

    /// <returns>The reason for the end; meaningless if cancelled.</returns>
    public async Task<ConnectionEnd> RunAsync(CancellationToken cancellationToken)
    {
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        Task<ConnectionEnd>[] tasks =
        [
            CarryAsync(outside.Input, inside.Output, isInward: true, ended.Token),
            CarryAsync(inside.Input, outside.Output, isInward: false, ended.Token),
            WatchAsync(ended.Token),
        ];
        var first = await Task.WhenAny([.. tasks, drill.Cut]);
        await ended.CancelAsync();
        await Task.WhenAll(tasks);
        return await first;
    }

    private async Task<ConnectionEnd> CarryAsync(PipeReader from, PipeWriter to, bool isInward, CancellationToken cancellationToken)
    {
        var end = await CarryToEndAsync(from, to, isInward, cancellationToken);
        await drill.HoldEndAsync(cancellationToken);
        return end;
    }

    private async Task<ConnectionEnd> CarryToEndAsync(PipeReader from, PipeWriter to, bool isInward, CancellationToken cancellationToken)
    {
        var isWriting = false;
        var unpassed = 0L;
        try
        {
            while (true)
            {
                var read = await from.ReadAsync(cancellationToken);
                if (!await drill.PassesAsync(cancellationToken))
                {
                    own.Flow.OnDropped();
                    from.AdvanceTo(read.Buffer.End);
                    if (read.IsCompleted) return new ConnectionEnd(ConnectionFault.None, IsOurs: !isInward);
                    continue;
                }

                if (isInward && read.Buffer.Length > unpassed) _watch.OnHeard(read.Buffer.Length - unpassed);
                var fault = (isInward ? checker : _outward).Check(read.Buffer, out var passes);
                isWriting = true;
                if (!isInward) own.Flow.OnWriting(true);
                var isTaken = passes == 0 || await WriteAsync(to, read.Buffer.Slice(0, passes), isInward, cancellationToken);
                if (!isInward && !_outward.IsInMessage && _watch.IsAskingDue) isTaken &= await AskAsync(to, cancellationToken);
                isWriting = false;
                if (!isInward) own.Flow.OnWriting(false);
                Count(isInward);
                if (isInward) fault = Note(fault, read.Buffer.Length > passes);
                unpassed = read.Buffer.Length - passes;
                from.AdvanceTo(read.Buffer.GetPosition(passes), read.Buffer.End);
                if (fault != ConnectionFault.None) return new ConnectionEnd(fault);
                if (read.IsCompleted) return new ConnectionEnd(ConnectionFault.None, IsOurs: !isInward);
                if (!isTaken) return new ConnectionEnd(ConnectionFault.None, IsOurs: isInward);
            }
        }
        catch (OperationCanceledException)
        {
            return new ConnectionEnd(ConnectionFault.None, IsOurs: isWriting == isInward);
        }
        catch (Exception e) when (e is IOException or SocketException)
        {
            return new ConnectionEnd(ConnectionFault.None, IsOurs: isWriting == isInward, e);
        }
    }

    private void Count(bool isInward)
    {
        if (isInward) own.Flow.OnPassed(checker.Completed - checker.Commands);
        else own.Flow.OnCarried(_outward.Completed - _outward.Commands);
    }

    /// <returns>False if the other side no longer reads.</returns>
    private async ValueTask<bool> WriteAsync(
        PipeWriter to, ReadOnlySequence<byte> bytes, bool isInward, CancellationToken cancellationToken)
    {
        // Several pieces are gathered into one large write; a single piece is written as it is.
        if (!bytes.IsSingleSegment) Copy(bytes, to);

        var flushing = bytes.IsSingleSegment ? to.WriteAsync(bytes.First, cancellationToken) : to.FlushAsync(cancellationToken);
        if (flushing.IsCompletedSuccessfully) return !(await flushing).IsCompleted;

        var since = 0L;
        if (isInward) since = _watch.OnHoldUp();
        else _watch.OnWriteBegun();
        var result = await flushing;
        if (isInward) _watch.OnHeldUp(since);
        else _watch.OnWriteEnded();
        return !result.IsCompleted;
    }

    private static void Copy(in ReadOnlySequence<byte> bytes, PipeWriter to)
    {
        foreach (var piece in bytes) to.Write(piece.Span);
    }

    private async ValueTask<bool> AskAsync(PipeWriter to, CancellationToken cancellationToken)
    {
        _watch.OnWriteBegun();
        var asking = _watch.OnAsking();
        var result = await to.WriteAsync(ZmtpCommand.Ping, cancellationToken);
        _watch.OnAsked(asking);
        _watch.OnWriteEnded();
        return !result.IsCompleted;
    }

    private ConnectionFault Note(ConnectionFault fault, bool hasUnpassed)
    {
        _watch.OnPassed(hasUnpassed || checker.IsInMessage, checker.Completed);
        if (fault != ConnectionFault.None) return fault;
        return _watch.IsFlood(checker.Commands) ? ConnectionFault.CommandFlood : ConnectionFault.None;
    }

    private async Task<ConnectionEnd> WatchAsync(CancellationToken cancellationToken)
    {
        var found = new TaskCompletionSource<ConnectionFault>(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var ended = cancellationToken.UnsafeRegister(_ => found.TrySetResult(ConnectionFault.None), null);
        using var place = rounds.Join(Look);
        return new ConnectionEnd(await found.Task);

        void Look()
        {
            if (_watch.Look() is var fault and not ConnectionFault.None) found.TrySetResult(fault);
            else if (own.Flow.IsDead(rounds.Time.Now, own.IsHeldUp)) found.TrySetResult(ConnectionFault.OwnLoopback);
            // The writing task asks: this wakes it while it waits for bytes to write.
            else if (_watch.IsAskingDue) inside.Input.CancelPendingRead();
        }
    }
}
