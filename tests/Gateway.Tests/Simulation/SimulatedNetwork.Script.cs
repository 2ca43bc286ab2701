using Gateway.Links.Protocol;

namespace Gateway.Tests.Simulation;

/// <summary>The acts of a scenario on connections, one at a time and without chance.</summary>
internal sealed partial class SimulatedNetwork
{
    private readonly Dictionary<(string From, string To), Hold> _holdsNext = [];

    /// <summary>Whether what is in flight on a connection is gone when an end leaves; null leaves it to chance.</summary>
    public bool? DropsInFlight { get; set; }

    /// <summary>The frames of the next connection on that way wait until they are released.</summary>
    public void HoldNext(string from, string to, Hold hold) => _holdsNext[(from, to)] = hold;

    /// <summary>The frames of the present connections on that way wait until they are released.</summary>
    public void HoldNow(string from, string to, Hold hold)
    {
        foreach (var connection in On(from, to)) connection.Holds |= hold;
    }

    public void Release(string from, string to)
    {
        foreach (var connection in On(from, to)) connection.Holds = Hold.Nothing;
    }

    /// <summary>The frame that the dialing side would get next is lost, as a socket library may lose it.</summary>
    public void LoseNextAnswer(string from, string to)
    {
        foreach (var connection in On(from, to)) connection.LoseNextAnswer();
    }

    /// <summary>The connections on that way are reset; both ends learn it.</summary>
    public void Reset(string from, string to)
    {
        foreach (var connection in On(from, to).Where(connection => connection.IsEstablished))
        {
            connection.AcceptorLeaves(dropsInFlight: true, LinkCause.ResetByPeer);
            EndAtAcceptor(connection);
        }
    }

    private List<SimulatedConnection> On(string from, string to) =>
        [.. _connections.Where(connection => connection.DialersName == from && connection.To.Name == to)];
}

/// <summary>The directions of a connection in which nothing arrives for now, though nothing is lost.</summary>
[Flags]
internal enum Hold
{
    Nothing = 0,

    /// <summary>From the dialing to the accepting side.</summary>
    Requests = 1,

    /// <summary>From the accepting to the dialing side.</summary>
    Answers = 2,
}
