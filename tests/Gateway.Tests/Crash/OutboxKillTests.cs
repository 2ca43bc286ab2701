using Gateway.Tests.Store.Postgres;
using Xunit;

namespace Gateway.Tests.Crash;

/// <summary>
/// Applications with an outbox that are killed between each two steps: written, committed, read, sent, receipt, removed. Each committed
/// message arrives once, in order, and none that was rolled back.
/// </summary>
[Kind(Kind.Process)]
public sealed class OutboxKillTests(ITestOutputHelper output) : OutboxTest
{
    private const int Rounds = 3;
    private const int NumbersARound = 1_000_000;

    [Fact]
    public Task With_SQLite() => KillEverywhereAsync(SqlitePath);

    [Fact]
    [Needs("postgresql")]
    public async Task With_PostgreSQL()
    {
        var server = Track(await PostgresServer.StartAsync(Token));
        await KillEverywhereAsync(server.ConnectionString());
    }

    private async Task KillEverywhereAsync(string database)
    {
        await BeginAsync(database);
        var kills = 0;
        foreach (var point in OutboxProcess.Points)
        {
            for (var round = 1; round <= Rounds; round++)
            {
                // Its first occurrences, and one when all is in full swing.
                var occurrence = point == "active" ? 1 : round == Rounds ? 20 : round;
                await using var application = StartApplication(database, point, occurrence, (++kills * NumbersARound) + 1);
                await InTimeAsync($"it is killed when {point} for the {occurrence}. time", application.Ended);
            }
        }

        await FinishAsync(database);
        output.WriteLine($"{kills} kills, {Arrived} messages");
    }
}
