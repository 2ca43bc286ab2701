using System.IO.Pipelines;
using System.Net.Sockets;
using Gateway.Transport.Zmtp;

namespace Gateway.Transport.Accepting;

/// <summary>
/// Reads one accepted connection: cuts whole messages out of what has come, all of one read at once, and answers PINGs. It does not read on
/// while too much of it waits for the loop or for the other side; then TCP holds the sender back. A task of its own runs it; the loop takes
/// what it brings and tells it so.
/// </summary>
/// <param name="memory">What all connections may hold.</param>
/// <param name="more">Set when it may be able to go on.</param>
internal sealed class ConnectionReader(
    PipeReader input, ZmtpReader zmtp, ConnectionOutbox outbox, ConnectionWatch watch, ConnectionMemory memory, WakeSignal more)
{
    /// <summary>What may wait for the loop of a connection that has not said who it is, and of what it is to take.</summary>
    public const int StrangerBytes = 64 * 1024;

    /// <summary>What may wait for the loop of one that has.</summary>
    private const long InputBytesMax = 32 * 1024 * 1024;

    /// <summary>
    /// Of a connection for which so much waits nothing more is read, and of one for which little does when too much waits for all. An
    /// application has to take what it asked for before it can ask for more.
    /// </summary>
    private const long OutputBytesMax = 128 * 1024 * 1024;

    private long _arrived;
    private long _taken;

    /// <summary>Room in the budget that the message under way has.</summary>
    private long _reserved;
    private ZmtpLimits? _limits;

    /// <summary>The loop has taken so many bytes. Loop.</summary>
    public void OnTaken(long bytes)
    {
        Volatile.Write(ref _taken, _taken + bytes);
        memory.Input.Release(bytes);
        more.Set();
    }

    /// <summary>
    /// The other side has said who it is: from now on it may send what these limits allow. Loop, once, before it tells what was taken.
    /// </summary>
    public void Allow(ZmtpLimits limits) => Volatile.Write(ref _limits, limits);

    /// <summary>Reads until the connection ends or a fault is found.</summary>
    /// <param name="arrived">Takes what has come, in order; from this task.</param>
    public async Task<ConnectionEnd> RunAsync(Action<ArrivedMessages> arrived, CancellationToken cancellationToken)
    {
        try
        {
            return await ReadAsync(arrived, cancellationToken);
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

    private async Task<ConnectionEnd> ReadAsync(Action<ArrivedMessages> arrived, CancellationToken cancellationToken)
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
            if (messages.Count > 0) Post(arrived, new ArrivedMessages(messages, taken));
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

    private void Post(Action<ArrivedMessages> arrived, in ArrivedMessages messages)
    {
        // A message that was announced is the first of them. What was not is no more than one read brings.
        memory.Input.Take(messages.Bytes - _reserved);
        _reserved = 0;
        _arrived += messages.Bytes;
        arrived(messages);
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
        // Once for each message, and for all of it: none that has some room waits for more, which others hold.
        var needed = zmtp.RoomNeeded - _reserved;
        if (needed > 0)
        {
            await memory.Input.TakeAsync(needed, cancellationToken);
            _reserved += needed;
        }

        watch.OnHeldUp(since);
    }
}
