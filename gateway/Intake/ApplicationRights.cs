namespace Gateway.Intake;

/// <summary>The rights of one application.</summary>
/// <param name="Name">The name in the configuration.</param>
/// <param name="Enqueue">The permitted destinations, as the application writes them.</param>
/// <param name="Receive">The local queues it may receive from and peek into. Either right permits asking for a queue's depth.</param>
internal sealed record ApplicationRights(string Name, NamePatterns Enqueue, NamePatterns Receive)
{
    /// <summary>All rights, for installations that configure no applications.</summary>
    public static ApplicationRights All { get; } = new("", new NamePatterns(["*"]), new NamePatterns(["*"]));
}
