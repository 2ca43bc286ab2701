namespace Gateway.Tcp.Inlets;

/// <summary>Hears of the connections of one inlet. Called on the loop.</summary>
internal interface IVisitors
{
    /// <summary>A program has connected; nothing of it was read yet.</summary>
    /// <param name="host">The program's address; empty if unknown.</param>
    /// <param name="remote">The same with its port.</param>
    /// <returns>Hears of the connection from now on.</returns>
    IProgram OnAccepted(IProgramConnection connection, string host, string remote);

    /// <summary>Connections were closed on arrival, for lack of a place, or because they could not agree on TLS.</summary>
    void OnRefused(long connections);

    /// <summary>The door is closed, and every program that it has let in has been told of.</summary>
    void OnDoorClosed();
}
