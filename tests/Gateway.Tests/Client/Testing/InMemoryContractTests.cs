using Gateway.Contract;
using Xunit;

namespace Gateway.Tests.Client.Testing;

/// <summary>
/// The client keeps its contract with the gateway in memory, clause by clause, as it does with a real one. That about traces listens to
/// all clients of the process: see <see cref="InMemoryTraceTests"/>.
/// </summary>
public sealed class InMemoryContractTests
{
    public static TheoryData<string> Names()
    {
        using var gateway = new MemoryGateway();
        var conductor = new Conductor(gateway);
        return [.. Clauses.All(conductor).Select(clause => clause.Name).Except(new TraceClauses(conductor).All.Select(one => one.Name))];
    }

    [Theory]
    [MemberData(nameof(Names))]
    public Task Clause_Holds(string name) => HoldsAsync(name);

    internal static async Task HoldsAsync(string name)
    {
        using var gateway = new MemoryGateway();
        await Clauses.All(new Conductor(gateway)).Single(clause => clause.Name == name).Holds();
    }
}
