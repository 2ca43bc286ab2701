namespace Gateway.Cli.Operator;

/// <summary>The status of a process that stands by for the one that holds the store.</summary>
/// <param name="Text">Who holds it, and when this process takes over.</param>
internal sealed record StandbyView(string Text)
{
    public string State => "standby";
}
