using Gateway.Management;

namespace Gateway.Tests.Management;

/// <summary>A process whose gateway runs, is starting or has failed.</summary>
/// <param name="management">Null while the gateway is starting.</param>
/// <param name="failure">The failure of its store.</param>
internal sealed class FakeRunningGateway(IManagement? management, string? failure) : IRunningGateway
{
    public IManagement? Management => management;

    public IPairing? Pairing => null;

    public string? Waiting => null;

    public string? Standby { get; init; }

    public string? Failure => failure;
}
