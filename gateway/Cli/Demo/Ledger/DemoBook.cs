using System.Threading.Channels;

namespace Gateway.Cli.Demo.Ledger;

/// <summary>
/// The loop that owns the ledger of a running demo. Any thread may enter events; they are processed one at a time, in order per caller.
/// </summary>
internal sealed class DemoBook
{
    private const int WaitingMax = 4_096;

    private readonly Channel<Action<DemoLedger>> _events = Channel.CreateBounded<Action<DemoLedger>>(WaitingMax);
    private readonly DemoLedger _ledger;
    private readonly Task _loop;
    private volatile DemoCounts _counts = DemoCounts.None;

    public DemoBook(long expected)
    {
        _ledger = new DemoLedger(expected);
        _loop = Task.Run(TakeAsync);
    }

    /// <summary>The demo's progress as of a moment ago.</summary>
    public DemoCounts Counts => _counts;

    /// <summary>Enters an event; waits while too many are queued.</summary>
    public ValueTask EnterAsync(Action<DemoLedger> happened) => _events.Writer.WriteAsync(happened);

    /// <summary>Processes the queued events and closes the ledger.</summary>
    public async Task<DemoVerdict> CloseAsync()
    {
        _events.Writer.Complete();
        await _loop;
        return _ledger.Close();
    }

    private async Task TakeAsync()
    {
        while (await _events.Reader.WaitToReadAsync())
        {
            while (_events.Reader.TryRead(out var happened))
                happened(_ledger);
            _counts = _ledger.Counts;
        }
    }
}
