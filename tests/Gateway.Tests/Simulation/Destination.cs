namespace Gateway.Tests.Simulation;

/// <summary>An inbound queue of one gateway: where a copy of a message ends its way.</summary>
internal readonly record struct Destination(string Queue, string Gateway)
{
    public override string ToString() => $"{Queue}@{Gateway}";
}
