using Gateway.Client.Wire;

namespace Gateway.Client.Testing.Memory;

/// <summary>The client's side of connections in memory. Called while the gateway does something; it only takes note.</summary>
internal interface IMemoryClient
{
    /// <summary>A reply has come; one on a former connection is lost with it.</summary>
    void OnReply(MemoryConnection connection, Reply reply);

    /// <summary>The gateway has ended the connection.</summary>
    void OnBroken(MemoryConnection connection);
}
