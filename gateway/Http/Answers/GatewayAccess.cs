using Gateway.Configuration;
using Gateway.Management;
using Microsoft.AspNetCore.Http;

namespace Gateway.Http.Answers;

/// <summary>The HTTP API's access to the gateway. Thread-safe.</summary>
internal sealed class GatewayAccess(
    RunningOptions options, IRunningGateway gateway, IObservers observers, IConfigurationReload configuration)
{
    /// <summary>The options in force; they may be others at the next look.</summary>
    public GatewayOptions Options => options.Current;

    public RunningOptions RunningOptions => options;

    public IConfigurationReload Configuration => configuration;

    public IObservers Observers => observers;

    public string? Failure => gateway.Failure;

    /// <summary>Why the store cannot be opened yet; null if nothing prevents it.</summary>
    public string? Waiting => gateway.Waiting;

    /// <summary>Null until the gateway runs.</summary>
    public IManagement? Find() => gateway.Management;

    /// <exception cref="ProblemException">The gateway is not running yet.</exception>
    public IManagement Management => Find() ?? throw Starting();

    /// <exception cref="ProblemException">The gateway is not running yet.</exception>
    public IPairing Pairing => gateway.Pairing ?? throw Starting();

    private ProblemException Starting() => new(
        StatusCodes.Status503ServiceUnavailable, "starting", Waiting is { } why ? $"The gateway is waiting for its disk. {why}"
        : "The gateway is starting: its store is being opened. Try again in a moment.")
    { RetryAfter = TimeSpan.FromSeconds(1) };
}
