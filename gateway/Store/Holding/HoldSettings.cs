using System.Globalization;

namespace Gateway.Store.Holding;

/// <summary>Who holds which store, and how patiently.</summary>
/// <param name="Store">The name of the store in its engine.</param>
/// <param name="Lease">After this silence another process may displace the holder, although its connection still exists.</param>
/// <param name="OutageMax">How long the engine may be away before the store has failed; for opening it is not waited for.</param>
internal sealed record HoldSettings(string Store, TimeSpan Lease, TimeSpan OutageMax)
{
    /// <summary>This process, for people.</summary>
    public string Self { get; init; } = string.Create(
        CultureInfo.InvariantCulture, $"process {Environment.ProcessId} on {Environment.MachineName}");
}
