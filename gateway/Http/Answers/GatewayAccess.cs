using Gateway.Configuration;
using Gateway.Management;
using Microsoft.AspNetCore.Http;

namespace Gateway.Http.Answers;

/// <summary>The HTTP API's access to the gateway. Thread-safe.</summary>
internal sealed class GatewayAccess(
    RunningOptions options, IRunningGateway gateway, IObservers observers, IConfigurationReload configuration)
{
    /// <summary>The code of every answer of a process that stands by.</summary>
    public const string StandbyCode = "standby";

    /// <summary>The options in force; they may be others at the next look.</summary>
    public GatewayOptions Options => options.Current;

    public RunningOptions RunningOptions => options;

    public IConfigurationReload Configuration => configuration;

    public IObservers Observers => observers;

    public string? Failure => gateway.Failure;

    /// <summary>Why the store cannot be opened yet; null if nothing prevents it.</summary>
    public string? Waiting => gateway.Waiting;

    /// <summary>A sentence on the process that holds the store, while this one stands by; null otherwise.</summary>
    public string? Standby => gateway.Standby;

    /// <summary>Null until the gateway runs.</summary>
    public IManagement? Find() => gateway.Management;

    /// <exception cref="ProblemException">The gateway is not running yet.</exception>
    public IManagement Management => Find() ?? throw Starting();

    /// <exception cref="ProblemException">The gateway is not running yet.</exception>
    public IPairing Pairing => gateway.Pairing ?? throw Starting();

    private ProblemException Starting()
    {
        var (code, detail) = Standby is { } standby ? (StandbyCode, standby)
            : ("starting", Waiting is { } why ? $"The gateway is waiting for its disk. {why}"
                : "The gateway is starting: its store is being opened. Try again in a moment.");
        return new ProblemException(StatusCodes.Status503ServiceUnavailable, code, detail) { RetryAfter = TimeSpan.FromSeconds(1) };
    }
}
