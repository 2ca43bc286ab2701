using Gateway.Cli.Demo.Processes;
using Gateway.Tests.Store.Postgres;
using Shouldly;
using Xunit;

namespace Gateway.Tests.Crash;

[Collection(ProcessCollection.Name)]
public sealed class DemoTests : ProcessTest
{
    [Fact]
    [Needs("postgresql")]
    public async Task With_a_database_a_standby_takes_over_and_the_ledger_balances()
    {
        await using var server = await PostgresServer.StartAsync(Token);
        var start = Executable.Start(["demo", "--messages", "4000", "--seed", "1", "--seconds", "45", "--engine", "PostgreSQL",
            "--connection", server.ConnectionString()]);
        start.WorkingDirectory = Folder;
        start.Environment["TMPDIR"] = Folder;
        var demo = Track(TestProcess.Start(start, Path.Combine(Folder, "demo.log")));

        (await InTimeAsync("the demo ends", demo.Ended)).ShouldBe(0);

        demo.Output.ShouldContain("the standby has taken over");
        demo.Output.ShouldContain("PeerTookOver");
        demo.Output.ShouldContain("The ledger balances.");
        (await server.ScalarAsync<long>("SELECT count(*) FROM pg_namespace WHERE nspname LIKE 'demo%'")).ShouldBe(0);
    }

    [Theory]
    [InlineData("120")]
    [InlineData("75", "--tcp")]
    public async Task The_demo_kills_three_processes_and_its_ledger_balances(string seconds, params string[] more)
    {
        var start = Executable.Start(["demo", "--messages", "4000", "--seed", "1", "--seconds", seconds, .. more]);
        start.WorkingDirectory = Folder;
        start.Environment["TMPDIR"] = Folder;
        var demo = Track(TestProcess.Start(start, Path.Combine(Folder, "demo.log")));

        (await InTimeAsync("the demo ends", demo.Ended)).ShouldBe(0);

        demo.Output.ShouldContain("receiving gateway killed");
        demo.Output.ShouldContain("consumer killed");
        demo.Output.ShouldContain("sending gateway killed");
        demo.Output.ShouldContain("The ledger balances.");
        demo.Errors.ShouldBeEmpty();
    }
}
