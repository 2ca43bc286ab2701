namespace Gateway.Dashboard.Access;

internal sealed record DashboardSettings
{
    /// <summary>How often each open page looks at the gateway.</summary>
    public TimeSpan RefreshInterval { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>So long a sign-in lasts, if the gateway runs as long.</summary>
    public TimeSpan SignedInMax { get; init; } = TimeSpan.FromHours(12);
}
