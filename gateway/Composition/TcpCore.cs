using Gateway.Tcp;
using Gateway.Tcp.Inlets;
using Gateway.Tcp.Outlets;

namespace Gateway.Composition;

/// <summary>The inlets and outlets of a gateway, by name. A pure state machine, owned by the loop.</summary>
internal sealed class TcpCore(InletBook inlets, OutletBook outlets) : ITcpStatus
{
    private HashSet<string> _queues = [];

    /// <summary>The time of the next scheduled tick, in the loop's uptime; <see cref="TimeSpan.MaxValue"/> for none.</summary>
    public TimeSpan NextTick => inlets.NextTick < outlets.NextTick ? inlets.NextTick : outlets.NextTick;

    public IReadOnlyList<InletStatus> Inlets => inlets.Statuses;

    public IReadOnlyList<OutletStatus> Outlets => outlets.Statuses;

    /// <inheritdoc/>
    public bool Serves(string queue) => _queues.Contains(queue);

    /// <summary>
    /// Begins with these inlets and outlets, or goes on with these: unchanged ones keep their connections, changed ones begin anew, and
    /// those left out end as at an orderly stop.
    /// </summary>
    public void Use(TcpSettings settings)
    {
        _queues = [.. settings.Outlets.Select(outlet => outlet.Queue), .. settings.Inlets.Select(inlet => inlet.ReplyQueue)];
        outlets.Use(settings.Outlets);
        inlets.Use(settings.Inlets);
    }

    public void Tick()
    {
        inlets.Tick();
        outlets.Tick();
    }

    /// <summary>Everything read from programs is durable, and nothing that was sent to a target is in doubt.</summary>
    public bool IsDrained => inlets.IsDrained && outlets.IsDrained;

    /// <summary>Takes the notes of earlier runs; called before the first <see cref="Use"/>.</summary>
    public void Restore(IReadOnlyDictionary<string, string> marks) => inlets.Restore(marks);

    /// <summary>
    /// Reads nothing more from programs at the inlets, and sends nothing more to targets; what was read is still made durable, and what was
    /// sent settled.
    /// </summary>
    public void Close()
    {
        inlets.Close();
        outlets.Close();
    }

    /// <summary>Ends all connections.</summary>
    public void SayGoodbye()
    {
        inlets.SayGoodbye();
        outlets.SayGoodbye();
    }
}
