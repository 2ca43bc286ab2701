using Xunit;

namespace Gateway.Tests.Crash;

/// <summary>
/// The tests that start processes: one after the other and beside no other test, because several gateways at once starve each other on a
/// small machine.
/// </summary>
[Kind(Kind.Process)]
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class ProcessCollection
{
    public const string Name = "processes";
}
