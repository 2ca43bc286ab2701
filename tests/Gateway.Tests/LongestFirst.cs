using Gateway.Tests.Crash;
using Gateway.Tests.Dashboard;
using Gateway.Tests.Simulation;
using Xunit;
using Xunit.Sdk;
using Xunit.v3;

[assembly: TestCollectionOrderer(typeof(Gateway.Tests.LongestFirst))]

namespace Gateway.Tests;

/// <summary>
/// Starts the tests first that take minutes one after the other. The others come in any order: one of the long ones that started last would
/// run on alone.
/// </summary>
public sealed class LongestFirst : ITestCollectionOrderer
{
    /// <summary>Classes of tests, and definitions of collections. Those that mostly wait come before those that mostly compute.</summary>
    private static readonly Type[] _long =
    [
        typeof(PostgresTests), typeof(DashboardCollection), typeof(TcpKillRoundTests), typeof(ProgramSimulationTests),
        typeof(SimulationTests), typeof(TakeoverSimulationTests), typeof(DiskSimulationTests),
    ];

    public IReadOnlyCollection<TTestCollection> OrderTestCollections<TTestCollection>(
        IReadOnlyCollection<TTestCollection> testCollections)
        where TTestCollection : ITestCollection =>
        [.. DefaultTestCollectionOrderer.Instance.OrderTestCollections(testCollections).OrderBy(Place)];

    private static int Place<TTestCollection>(TTestCollection collection)
        where TTestCollection : ITestCollection
    {
        var found = Array.FindIndex(_long, type => collection.TestCollectionClassName == type.FullName
            || collection.TestCollectionDisplayName.Contains($" {type.FullName} ", StringComparison.Ordinal));
        return found < 0 ? _long.Length : found;
    }
}
