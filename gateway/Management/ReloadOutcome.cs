namespace Gateway.Management;

/// <summary>What has come of reading the configuration again.</summary>
/// <param name="Applied">The keys whose values were applied.</param>
/// <param name="AtRestart">The keys whose values take effect only when the gateway is started again.</param>
/// <param name="Warnings">Sentences on what the change has left behind.</param>
/// <param name="Faults">The faults of the configuration; with one, nothing was applied.</param>
internal sealed record ReloadOutcome(
    IReadOnlyList<string> Applied, IReadOnlyList<string> AtRestart, IReadOnlyList<string> Warnings, IReadOnlyList<string> Faults)
{
    public static ReloadOutcome Faulty(IReadOnlyList<string> faults) => new([], [], [], faults);
}
