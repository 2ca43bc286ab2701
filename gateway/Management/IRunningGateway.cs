namespace Gateway.Management;

/// <summary>The gateway of this process for the HTTP API and the metrics: starting, running or failed. Thread-safe.</summary>
internal interface IRunningGateway
{
    /// <summary>The operators' API; null until the store is open and applications can connect.</summary>
    IManagement? Management { get; }

    /// <summary>Invites other gateways; null as long as that.</summary>
    IPairing? Pairing { get; }

    /// <summary>The reason why opening the store has failed so far and is retried, in a sentence; null if there is none.</summary>
    string? Waiting { get; }

    /// <summary>A sentence on the process that holds the store, while this one stands by; null otherwise.</summary>
    string? Standby { get; }

    /// <summary>The failure of the store, in a sentence; null if there is none. The process ends soon after it.</summary>
    string? Failure { get; }
}
