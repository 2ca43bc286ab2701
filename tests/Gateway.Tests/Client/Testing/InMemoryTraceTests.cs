using Gateway.Contract;
using Gateway.Tests.Telemetry;
using Xunit;

namespace Gateway.Tests.Client.Testing;

/// <summary>The clauses about traces with the gateway in memory, while no other test has a client.</summary>
[Collection(ListenerCollection.Name)]
public sealed class InMemoryTraceTests
{
    public static TheoryData<string> Names()
    {
        using var gateway = new MemoryGateway();
        return [.. new TraceClauses(new Conductor(gateway)).All.Select(clause => clause.Name)];
    }

    [Theory]
    [MemberData(nameof(Names))]
    public Task Clause_Holds(string name) => InMemoryContractTests.HoldsAsync(name);
}
