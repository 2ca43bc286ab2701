namespace Gateway.Dashboard.Access;

internal sealed record DashboardSettings
{
    /// <summary>The interval at which each open page reads the gateway's state.</summary>
    public TimeSpan RefreshInterval { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>The duration of a sign-in, at most until the gateway stops.</summary>
    public TimeSpan SignedInMax { get; init; } = TimeSpan.FromHours(12);
}
