using System.Diagnostics;
using Shouldly;
using Xunit;

namespace Gateway.Tests.Crash;

/// <summary>
/// The builds of the client for older runtimes keep the client's contract with a real gateway, clause by clause: that for .NET Framework on
/// Mono, that for .NET 8 on the runtime of these tests. The clauses are those of tests/Gateway.Contract. Likewise the builds of the gateway
/// in memory.
/// </summary>
[Kind(Kind.Process)]
public sealed class ContractTests : ProcessTest, IClassFixture<ContractProgram>
{
    private readonly ContractProgram _program;

    public ContractTests(ContractProgram program) => _program = program;

    [Fact]
    [Needs("mono")]
    public Task OnMono_EveryClauseHolds() => EveryClauseHoldsAsync(Tool.Mono, "--debug", _program.PathOf("net472", "Gateway.Contract.exe"));

    [Fact]
    public Task BuiltForDotNet8_EveryClauseHolds() => EveryClauseHoldsAsync("dotnet", _program.PathOf("net8.0", "Gateway.Contract.dll"));

    [Fact]
    [Needs("mono")]
    public Task OnMono_WithTheGatewayInMemory_EveryClauseHolds() =>
        EveryClauseHoldsInMemoryAsync(Tool.Mono, "--debug", _program.PathOf("net472", "Gateway.Contract.exe"));

    [Fact]
    public Task BuiltForDotNet8_WithTheGatewayInMemory_EveryClauseHolds() =>
        EveryClauseHoldsInMemoryAsync("dotnet", _program.PathOf("net8.0", "Gateway.Contract.dll"));

    private async Task EveryClauseHoldsInMemoryAsync(string runtime, params string[] arguments)
    {
        var contract = Track(TestProcess.Start(
            new ProcessStartInfo(runtime, [.. arguments, "memory"]), Path.Combine(Folder, "contract.log")));

        (await contract.Ended.WaitAsync(Token)).ShouldBe(0, contract.Output + contract.Errors);
        contract.Output.Split('\n')[^1].ShouldEndWith("clauses hold");
    }

    private async Task EveryClauseHoldsAsync(string runtime, params string[] arguments)
    {
        var gateway = NewGateways("local", "far")[0];
        await gateway.StartReadyAsync(Token);
        var contract = Track(TestProcess.Start(
            new ProcessStartInfo(runtime, [.. arguments, gateway.Address]), Path.Combine(Folder, "contract.log")));

        for (var answered = 0; await IsAskedAsync(contract, answered); answered++)
        {
            await ObeyAsync(gateway, Asked(contract)[answered]);
            await contract.WriteLineAsync("done");
        }

        (await contract.Ended).ShouldBe(0, contract.Output + contract.Errors);
        contract.Output.Split('\n')[^1].ShouldEndWith("clauses hold");
    }

    /// <summary>False when the program has ended instead.</summary>
    private static async Task<bool> IsAskedAsync(TestProcess contract, int answered)
    {
        await UntilAsync("the contract goes on", () => Asked(contract).Count > answered || contract.Ended.IsCompleted);
        return Asked(contract).Count > answered;
    }

    private static List<string> Asked(TestProcess contract) =>
        [.. contract.Output.Split('\n').Where(line => line.StartsWith("please ", StringComparison.Ordinal)).Select(line => line[7..])];

    private static async Task ObeyAsync(TestGateway gateway, string wish)
    {
        switch (wish)
        {
            case "kill": await gateway.KillAsync(); break;
            case "start": await gateway.StartReadyAsync(Token); break;
            case "freeze": gateway.Process.Send(TestProcess.UnixSignal.Stop); break;
            case "thaw": gateway.Process.Send(TestProcess.UnixSignal.Continue); break;
            default: throw new UnreachableException(wish);
        }
    }
}
