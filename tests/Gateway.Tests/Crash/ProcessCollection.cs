using Xunit;

namespace Gateway.Tests.Crash;

/// <summary>
/// The tests of processes that load the whole machine, measure times or loads, or install something: one after the other and beside no
/// other test. The other tests of processes mostly wait, and run side by side.
/// </summary>
[Kind(Kind.Process)]
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class ProcessCollection
{
    public const string Name = "processes";
}
