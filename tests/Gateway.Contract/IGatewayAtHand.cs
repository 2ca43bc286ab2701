using Gateway.Client;

namespace Gateway.Contract;

/// <summary>The gateway that the clauses are about: it is named local and has a peer far, which does not run.</summary>
internal interface IGatewayAtHand
{
    /// <summary>Ends it as SIGKILL does.</summary>
    Task KillAsync();

    /// <summary>Starts it with what it has kept; returns when clients can connect.</summary>
    Task StartAsync();

    /// <summary>It does nothing more, and keeps all it has.</summary>
    Task FreezeAsync();

    /// <summary>It goes on after that.</summary>
    Task ThawAsync();

    /// <summary>A client of it, with options that have no address yet.</summary>
    GatewayClient NewClient(GatewayClientOptions options);
}
