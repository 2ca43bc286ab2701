using System.Diagnostics;
using Shouldly;
using Xunit;

namespace Gateway.Tests.Crash;

/// <summary>The program with the clauses of the client's contract, built from this tree for each of its frameworks.</summary>
public sealed class ContractProgram : IAsyncLifetime
{
    private static readonly TimeSpan _limit = TimeSpan.FromMinutes(5);

    private readonly string _folder = Directory.CreateTempSubdirectory("gateway-contract-").FullName;

    public string PathOf(string framework, string file) => Path.Combine(_folder, framework, file);

    public async ValueTask InitializeAsync()
    {
        foreach (var framework in new[] { "net8.0", "net472" })
        {
            await using var build = TestProcess.Start(
                new ProcessStartInfo("dotnet",
                [
                    "build", Path.Combine(SourceTree.Root, "tests", "Gateway.Contract"), "-c", "Release", "-f", framework,
                    "-o", Path.Combine(_folder, framework), "-v", "q", "--nologo",
                ]),
                Path.Combine(_folder, "build.log"));
            (await build.Ended.WaitAsync(_limit, TestContext.Current.CancellationToken)).ShouldBe(0, build.Output + build.Errors);
        }
    }

    public ValueTask DisposeAsync()
    {
        Directory.Delete(_folder, recursive: true);
        return ValueTask.CompletedTask;
    }
}
