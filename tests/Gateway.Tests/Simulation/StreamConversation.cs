using System.Runtime.InteropServices;

namespace Gateway.Tests.Simulation;

/// <summary>The programs at both ends of one conversation, and what they may have seen of each other.</summary>
/// <param name="isAcknowledged">The outlet waits until the target's host has acknowledged what comes before a reset.</param>
internal sealed class StreamConversation(StreamProgram client, bool isAcknowledged)
{
    public StreamProgram Client => client;

    /// <summary>Connections of the target for it; another one follows only if the former was given nothing of it.</summary>
    public List<StreamProgram> Servers { get; } = [];

    /// <summary>The inlet's gateway has ended before all of it was durable.</summary>
    public bool HasLostInlet { get; set; }

    /// <summary>The outlet's gateway has ended before the inlet had heard of all of it.</summary>
    public bool HasLostOutlet { get; set; }

    /// <summary>An operator has taken a piece of it, or pieces could not be sent back for lack of a route.</summary>
    public bool MayHaveHole { get; set; }

    /// <summary>One of the programs may not know of it.</summary>
    public bool IsOpen => !client.IsOver || !client.Socket.IsOver || Servers.Any(server => !server.IsOver || !server.Socket.IsOver);

    private bool IsCut => HasLostInlet || HasLostOutlet || MayHaveHole;

    private StreamProgram? Server => Servers.Count == 0 ? null : Servers[^1];

    /// <summary>What it has come to, by which the worlds are counted.</summary>
    public string Outcome => Server is null ? "never connected"
        : HasLostInlet || HasLostOutlet ? "cut by a gateway"
        : MayHaveHole && (client.SawReset || Server.SawReset) ? "with a hole"
        : client.WasAbrupt || Server.WasAbrupt ? "ended by a program" : "ended in order";

    public override string ToString() => $"{client} with {string.Join(" and ", Servers.Select(server => server.ToString()))}";

    public void Check()
    {
        foreach (var former in Servers.SkipLast(1))
        {
            Require(former.Read.Count == 0, "a connection was given bytes, and there was another one");
            Require(!former.SawEnd || former.Socket.WasKilled, "a connection was ended in order, and there was another one");
        }

        if (Server is null)
        {
            Require(HasLostInlet, "no connection was made");
            Require(client.Read.Count == 0, "bytes came from nobody");
            Require(!client.SawEnd || client.Socket.WasKilled, "nobody's end came");
            return;
        }

        CheckWay(client, Server);
        CheckWay(Server, client);
    }

    private void CheckWay(StreamProgram from, StreamProgram to)
    {
        var read = CollectionsMarshal.AsSpan(to.Read);
        var written = CollectionsMarshal.AsSpan(from.Written);
        Require(read.Length <= written.Length && read.SequenceEqual(written[..read.Length]), $"{to.Name} has read what was not written");
        if (to.SawEnd && !to.Socket.WasKilled)
        {
            Require(from.HasFinished, $"{to.Name} has seen an end in order");
            Require(read.Length == written.Length, $"{to.Name} has seen an end in order before it had everything");
        }

        if (IsCut) return;
        Require(!to.SawReset || from.WasAbrupt, $"{to.Name} has seen a reset");
        if (to.WasAbrupt) return;
        Require(to.SawEnd || to.SawReset, $"{to.Name} has seen no end");
        if (isAcknowledged || to.Socket is InletStreamSocket)
            Require(to.Socket.Acknowledged == from.Socket.Arrived, $"{to.Name} was reset before what had been read for it");
    }

    private void Require(bool isTrue, string what)
    {
        if (!isTrue) throw new SimulationException($"{what}: {this}");
    }
}
