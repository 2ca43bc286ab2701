using System.IO.Pipelines;
using System.Net.Sockets;
using Gateway.Transport.Zmtp;

namespace Gateway.Transport.Accepting;

/// <summary>
/// Reads one accepted connection: cuts whole messages out of the incoming bytes, all messages of a read at once, and answers PINGs. It
/// stops reading while too much waits for the loop or for the other side; TCP then holds the sender back. A task of its own runs it; the
/// loop takes the messages and reports their bytes as taken.
/// </summary>
/// <param name="memory">The memory limits of all connections together.</param>
/// <param name="more">Set when there may be room to continue.</param>
internal sealed class ConnectionReader(
    PipeReader input, ZmtpReader zmtp, ConnectionOutbox outbox, ConnectionWatch watch, ConnectionMemory memory, WakeSignal more)
{
    /// <summary>The limit of the input, and of the output, that may wait on a connection that has not identified itself.</summary>
    public const int StrangerBytes = 64 * 1024;

    /// <summary>The limit of the input waiting for the loop on an identified connection.</summary>
    private const long InputBytesMax = 32 * 1024 * 1024;

    /// <summary>
    /// Reading stops while this much output waits on the connection; while the memory limit of all connections is exceeded, it stops at
    /// <see cref="StrangerBytes"/>. An application must read its answers before it can ask for more.
    /// </summary>
    private const long OutputBytesMax = 128 * 1024 * 1024;

    private long _arrived;
    private long _taken;

    /// <summary>Memory already reserved for the message under way.</summary>
    private long _reserved;
    private ZmtpLimits? _limits;

    /// <summary>The loop has taken this many bytes. Called by the loop.</summary>
    public void OnTaken(long bytes)
    {
        Volatile.Write(ref _taken, _taken + bytes);
        memory.Input.Release(bytes);
        more.Set();
    }

    /// <summary>
    /// Applies these limits: the other side has identified itself. Called by the loop, once, before it reports the bytes taken.
    /// </summary>
    public void Allow(ZmtpLimits limits) => Volatile.Write(ref _limits, limits);

    /// <summary>Reads until the connection ends or a fault is found.</summary>
    /// <param name="arrivals">Receives the messages, in order, from this task.</param>
    public async Task<ConnectionEnd> RunAsync(IArrivals arrivals, CancellationToken cancellationToken)
    {
        try
        {
            return await ReadAsync(arrivals, cancellationToken);
        }
        catch (OperationCanceledException)
        {
            return new ConnectionEnd(ConnectionFault.None, IsOurs: true);
        }
        catch (Exception e) when (e is IOException or SocketException)
        {
            return new ConnectionEnd(ConnectionFault.None, Error: e);
        }
        finally
        {
            memory.Input.Release(_reserved);
        }
    }

    private async Task<ConnectionEnd> ReadAsync(IArrivals arrivals, CancellationToken cancellationToken)
    {
        var left = 0L;
        var contexts = new List<byte[]>();
        while (true)
        {
            var read = await input.ReadAsync(cancellationToken);
            if (read.Buffer.Length > left) watch.OnHeard(read.Buffer.Length - left);
            var messages = new List<List<byte[]>>();
            var fault = zmtp.Read(read.Buffer, messages, contexts, out var taken);
            left = read.Buffer.Length - taken;
            input.AdvanceTo(read.Buffer.GetPosition(taken), read.Buffer.End);
            watch.OnPassed(left > 0 || zmtp.IsInMessage, zmtp.Completed);
            if (messages.Count > 0) Post(arrivals, new ArrivedMessages(messages, taken));
            var isAnswered = Answer(contexts);
            if (fault == ConnectionFault.None && watch.IsFlood(zmtp.Commands)) fault = ConnectionFault.CommandFlood;
            if (fault != ConnectionFault.None) return new ConnectionEnd(fault);
            if (!isAnswered) return new ConnectionEnd(ConnectionFault.SlowReader);
            if (read.IsCompleted) return new ConnectionEnd(ConnectionFault.None);
            if (!HasRoom || zmtp.RoomNeeded > _reserved) await AwaitRoomAsync(cancellationToken);
            if (_limits is { } limits) zmtp.Limits = limits;
        }
    }

    private bool HasRoom => _limits is null
        ? _arrived == Volatile.Read(ref _taken) && outbox.Bytes <= StrangerBytes / 2
        : _arrived - Volatile.Read(ref _taken) <= InputBytesMax
            && outbox.Bytes <= (memory.Output.IsExceeded ? StrangerBytes : OutputBytesMax);

    private void Post(IArrivals arrivals, in ArrivedMessages messages)
    {
        // A large message with reserved memory is the first of them; the rest is no more than one read brings.
        memory.Input.Take(messages.Bytes - _reserved);
        _reserved = 0;
        _arrived += messages.Bytes;
        arrivals.OnArrived(messages);
    }

    private bool Answer(List<byte[]> contexts)
    {
        var isRoom = true;
        foreach (var context in contexts) isRoom &= outbox.TryPut(ZmtpCommand.Pong(context), default(ReadOnlySpan<byte>), OutputBytesMax);
        contexts.Clear();
        return isRoom;
    }

    private async ValueTask AwaitRoomAsync(CancellationToken cancellationToken)
    {
        var since = watch.OnHoldUp();
        while (!HasRoom) await more.WaitAsync(cancellationToken);
        // Reserved once per message and for all of it: a reader that held a part would wait for memory that other readers hold.
        var needed = zmtp.RoomNeeded - _reserved;
        if (needed > 0)
        {
            await memory.Input.TakeAsync(needed, cancellationToken);
            _reserved += needed;
        }

        watch.OnHeldUp(since);
    }
}
