using Gateway.Management;

namespace Gateway.Tests.Http;

/// <summary>A configuration that has no files.</summary>
internal sealed class NoReload : IConfigurationReload
{
    public Task<ReloadOutcome> ReloadAsync(string who, string why, CancellationToken cancellationToken) =>
        Task.FromResult(new ReloadOutcome([], [], [], []));

    public Task<ConfigurationDifference> CompareAsync(CancellationToken cancellationToken) =>
        Task.FromResult(new ConfigurationDifference([], "", []));
}
