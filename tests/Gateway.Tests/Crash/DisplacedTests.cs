using Gateway.Tests.Store.Postgres;
using Npgsql;
using Shouldly;
using Xunit;

namespace Gateway.Tests.Crash;

/// <summary>A process from which its store was taken over, and which cannot know it yet.</summary>
[Kind(Kind.Process)]
[Needs("postgresql")]
public sealed class DisplacedTests(SharedPostgres shared) : StandbyTest(shared), IClassFixture<SharedPostgres>
{
    /// <summary>It said DuplicateName and then StoreForked, and advised to give the store a new identity.</summary>
    [Fact]
    public async Task A_displaced_process_that_does_not_reach_the_database_doubts_its_hold_and_says_nothing_of_its_store()
    {
        await using var line = TcpProxy.To(Server.Port);
        var plain = NewGateway(new NpgsqlConnectionStringBuilder(Server.ConnectionString())
        { Host = "127.0.0.1", Port = new Uri(line.Address).Port }.ConnectionString);
        var other = NewStandby(plain, Server.ConnectionString());
        var buyer = NewPeerOf(plain, "buyer", other);
        var (holder, standby) = (WithPeer(plain, buyer), WithPeer(other, buyer));
        await holder.StartReadyAsync(Token);
        await StandByAsync(standby);
        await buyer.StartReadyAsync(Token);
        await NewClient(holder).EnqueueAsync("orders@buyer", new byte[] { 1 }, null, Token);
        using var http = new HttpClient();
        await UntilAsync("the holder is connected", async () => (await AskAsync()).Contains("\"up\"", StringComparison.OrdinalIgnoreCase));

        line.IsDead = true;
        await standby.WaitUntilReadyAsync(Token);
        await NewClient(standby).EnqueueAsync("orders@buyer", new byte[] { 2 }, null, Token);
        await UntilAsync("the holder doubts its hold", async () => (await AskAsync()).Contains("\"HoldInDoubt\""));

        (await AskAsync()).ShouldContain("this process asks the database whether it still holds its store");
        line.IsDead = false;
        (await InTimeAsync("the holder ends", holder.Process.Ended)).ShouldBe(1);
        holder.Process.Errors.ShouldContain("was taken over by another gateway");
        var told = holder.Process.Output + holder.Process.Errors;
        told.ShouldNotContain("(StoreForked)");
        told.ShouldNotContain("(DuplicateName)");

        Task<string> AskAsync() => http.GetStringAsync($"{holder.Api}/api/v1/peers/buyer", Token);
    }

    private TestGateway WithPeer(TestGateway gateway, TestGateway peer) => Track(new TestGateway(gateway.Settings with
    {
        More = new Dictionary<string, string>(gateway.Settings.More) { ["Gateway:Peers:buyer:Address"] = peer.Settings.LinksAddress },
    }));
}
