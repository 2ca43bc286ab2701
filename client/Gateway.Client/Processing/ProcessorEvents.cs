using System.Threading.Channels;

namespace Gateway.Client.Processing;

/// <summary>The events of a processor's loop. Any thread posts them and wakes the loop; the loop alone takes them and waits.</summary>
internal sealed class ProcessorEvents
{
    private readonly Channel<ProcessorEvent> _events;
    private Task<bool>? _signal;
    private int _isWoken;

    /// <param name="messagesMax">Messages whose handlers run, or that are being settled, at a time.</param>
    public ProcessorEvents(int messagesMax)
    {
        // Two events a message, and requests to look: there is always room.
        _events = Channel.CreateBounded<ProcessorEvent>(new BoundedChannelOptions((2 * messagesMax) + 2) { SingleReader = true });
    }

    public void Post(ProcessorEvent happened)
    {
        if (!_events.Writer.TryWrite(happened))
            throw new InvalidOperationException("The queue of a processor's events is full, which its bounds exclude.");
    }

    /// <summary>The loop looks at its flags, whatever it waits for. What was written before is seen then.</summary>
    public void Wake()
    {
        if (Interlocked.Exchange(ref _isWoken, 1) == 0)
            Post(default);
    }

    /// <summary>Takes the next event of a message. False when there is none, or none but the wish to be woken.</summary>
    public bool TryTake(out ProcessorEvent happened)
    {
        while (_events.Reader.TryRead(out happened))
        {
            if (happened.Message is not null)
                return true;
            // After its event was taken, never before: a flag without an event would swallow every later wish to be woken.
            Interlocked.Exchange(ref _isWoken, 0);
        }

        return false;
    }

    /// <summary>Returns when there is an event, or when the given task has ended.</summary>
    public async Task WaitAsync(Task? other)
    {
        if (_signal is null or { IsCompleted: true })
            _signal = _events.Reader.WaitToReadAsync().AsTask();
        await (other is null ? (Task)_signal : Task.WhenAny(_signal, other)).ConfigureAwait(false);
    }
}
