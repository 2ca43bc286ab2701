using Gateway.Links.Causes;
using Gateway.Links.Protocol;
using Gateway.Store.Messages;

namespace Gateway.Links;

/// <summary>An operator's acts on the link.</summary>
internal sealed partial class OutgoingLink
{
    /// <summary>
    /// Accepts, for an operator, the peer's current position, although it has lost messages it acknowledged. Valid until the next
    /// connection, in any run. False if the link does not wait for it.
    /// </summary>
    /// <param name="evidence">The operator who accepted it, and the time.</param>
    /// <param name="done">Called once the acceptance is durable.</param>
    public bool Accept(string evidence, Action done)
    {
        if (Status.Cause != LinkCause.PeerWentBack) return false;
        _past.Accept(evidence, done);
        Retry();
        return true;
    }

    /// <summary>Pauses the link for an operator: hangs up, and makes no connection until <see cref="Resume"/>.</summary>
    /// <param name="evidence">The operator who paused it, the time and the reason.</param>
    public void Pause(string evidence) => Drop(LinkCause.PausedByOperator, evidence, LinkState.Paused);

    public void Resume()
    {
        if (Status.State == LinkState.Paused) Connect();
    }

    /// <summary>Retries at once for an operator, regardless of the backoff.</summary>
    public void Retry()
    {
        if (Status.State == LinkState.Down) Connect();
    }

    /// <summary>Connects anew, to a peer whose address or certificate the configuration has changed. A paused link stays paused.</summary>
    /// <param name="evidence">The change.</param>
    public void Redial(string evidence)
    {
        if (Status.State == LinkState.Paused) return;
        if (Status.State != LinkState.Down) Drop(LinkCause.None, evidence, LinkState.Down);
        Connect();
    }

    /// <summary>
    /// Injects a fault into the connection for an operator's drill, and records it in the history. False if the link is not up.
    /// </summary>
    /// <param name="duration">The length of a stall.</param>
    public bool Drill(DrillKind kind, TimeSpan duration)
    {
        if (!_standing.IsUp) return false;
        _standing.Note($"a drill ({DrillKinds.NameOf(kind)}) was put into the connection by an operator's word");
        _log.Drill(PeerName, DrillKinds.NameOf(kind));
        _connection.Drill(kind, duration);
        return true;
    }

    /// <summary>Suspends sending from a queue until <see cref="LetGo"/>: an operator works on it or has paused it.</summary>
    public void Hold(QueueId queue) => _sender.QueueOf(queue).Hold();

    public void LetGo(QueueId queue)
    {
        var held = _sender.QueueOf(queue);
        held.LetGo();
        _sender.OnMore(held);
    }
}
