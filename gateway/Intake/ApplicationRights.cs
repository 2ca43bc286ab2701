namespace Gateway.Intake;

/// <summary>What one application may do.</summary>
/// <param name="Name">As the configuration calls it.</param>
/// <param name="Enqueue">Destinations, as the application writes them.</param>
/// <param name="Receive">Local queues, to receive from and to peek into. Either right allows asking what waits there.</param>
internal sealed record ApplicationRights(string Name, NamePatterns Enqueue, NamePatterns Receive)
{
    /// <summary>Of everybody, where no application is configured.</summary>
    public static ApplicationRights All { get; } = new("", new NamePatterns(["*"]), new NamePatterns(["*"]));
}
