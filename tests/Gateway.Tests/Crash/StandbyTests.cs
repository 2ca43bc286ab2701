using System.Diagnostics;
using System.Net;
using System.Text.Json;
using Gateway.Cli.Demo.Processes;
using Gateway.Client;
using Gateway.Tests.Store.Postgres;
using Npgsql;
using Shouldly;
using Xunit;

namespace Gateway.Tests.Crash;

/// <summary>Two processes of one name and one store: one holds, the other waits, and takes over when the holder is gone.</summary>
[Kind(Kind.Process)]
[Needs("postgresql")]
public sealed class StandbyTests(SharedPostgres shared, ITestOutputHelper output) : StandbyTest(shared), IClassFixture<SharedPostgres>
{
    private static readonly TimeSpan _promised = TimeSpan.FromSeconds(10);

    [Theory]
    [InlineData("is killed")]
    [InlineData("stops")]
    [InlineData("stands still")]
    public async Task A_holder_that_goes_is_followed_by_its_standby(string how)
    {
        var (holder, standby) = await StartPairAsync();
        var id = (await NewClient(holder).EnqueueAsync("orders@shop", new byte[] { 1 }, null, Token)).MessageId;

        var gone = Stopwatch.GetTimestamp();
        if (how == "is killed") await holder.KillAsync();
        else if (how == "stops") (await InTimeAsync("it stops", holder.StopAsync())).ShouldBe(0);
        else holder.Process.Send(TestProcess.UnixSignal.Stop);
        await using var messages = NewClient(standby).ReceiveAsync("orders", null, Token).GetAsyncEnumerator(Token);
        (await messages.MoveNextAsync()).ShouldBeTrue();
        var took = Stopwatch.GetElapsedTime(gone);

        messages.Current.Id.ShouldBe(id);
        output.WriteLine($"The holder {how}: the first message comes after {took.TotalSeconds:F1} s.");
        took.ShouldBeLessThan(_promised);
        standby.Process.Output.ShouldContain("has taken the store over from process");
    }

    /// <summary>As when the host is lost: nothing passes between it and the database, and neither is told.</summary>
    [Fact]
    public async Task A_holder_whose_way_to_the_database_is_dead_is_followed_and_ends_when_it_learns_so()
    {
        await using var line = TcpProxy.To(Server.Port);
        var holder = NewGateway(new NpgsqlConnectionStringBuilder(Server.ConnectionString())
        { Host = "127.0.0.1", Port = new Uri(line.Address).Port }.ConnectionString);
        await holder.StartReadyAsync(Token);
        var standby = NewStandby(holder, Server.ConnectionString());
        await StandByAsync(standby);
        var id = (await NewClient(holder).EnqueueAsync("orders@shop", new byte[] { 1 }, null, Token)).MessageId;

        var gone = Stopwatch.GetTimestamp();
        line.IsDead = true;
        await using var messages = NewClient(standby).ReceiveAsync("orders", null, Token).GetAsyncEnumerator(Token);
        (await messages.MoveNextAsync()).ShouldBeTrue();
        var took = Stopwatch.GetElapsedTime(gone);

        messages.Current.Id.ShouldBe(id);
        output.WriteLine($"The holder's way is dead: the first message comes after {took.TotalSeconds:F1} s.");
        took.ShouldBeLessThan(_promised);
        line.IsDead = false;
        (await InTimeAsync("the former holder ends", holder.Process.Ended)).ShouldBe(1);
        holder.Process.Errors.ShouldContain("was taken over by another gateway");
    }

    [Theory]
    [InlineData("is killed")]
    [InlineData("stands still")]
    public async Task Peers_and_clients_follow_the_gateway_to_its_standby(string how)
    {
        var (holder, standby) = (NewGateway(), default(TestGateway)!);
        standby = NewStandby(holder);
        var buyer = NewPeerOf(holder, "buyer", standby);
        Dictionary<string, string> known = new(holder.Settings.More) { ["Gateway:Peers:buyer:Address"] = buyer.Settings.LinksAddress };
        holder = Track(new TestGateway(holder.Settings with { More = known }));
        standby = Track(new TestGateway(standby.Settings with { More = known }));
        await holder.StartReadyAsync(Token);
        await StandByAsync(standby);
        await buyer.StartReadyAsync(Token);
        // The first address refuses.
        await using var client = new GatewayClient(new GatewayClientOptions { Addresses = [standby.Address, holder.Address] });
        await using var messages = client.ReceiveAsync("orders", null, Token).GetAsyncEnumerator(Token);
        var sender = NewClient(buyer);
        await sender.EnqueueAsync("orders@shop", new byte[] { 1 }, null, Token);
        (await messages.MoveNextAsync()).ShouldBeTrue();
        await messages.Current.CompleteAsync(Token);

        var gone = Stopwatch.GetTimestamp();
        if (how == "is killed") await holder.KillAsync();
        else holder.Process.Send(TestProcess.UnixSignal.Stop);
        var id = (await sender.EnqueueAsync("orders@shop", new byte[] { 2 }, null, Token)).MessageId;
        (await messages.MoveNextAsync()).ShouldBeTrue();

        messages.Current.Id.ShouldBe(id);
        output.WriteLine($"The holder {how}: a peer's message comes to its client after "
            + $"{Stopwatch.GetElapsedTime(gone).TotalSeconds:F1} s.");
        using var http = new HttpClient();
        var peer = await http.GetStringAsync($"{buyer.Api}/api/v1/peers/shop", Token);
        peer.ShouldContain("PeerTookOver");
        peer.ShouldContain($"127.0.0.1:{standby.Settings.LinksPort} has taken over from 127.0.0.1:{holder.Settings.LinksPort}");
        if (how != "is killed") await GoesOnAsync(holder, buyer);
    }

    [Fact]
    public async Task The_doctor_looks_at_each_process_of_a_peer()
    {
        var (holder, standby) = await StartPairAsync();
        var buyer = NewPeerOf(standby, "buyer", holder);
        await buyer.StartReadyAsync(Token);
        using var http = new HttpClient();

        using var answer = await http.PostAsync($"{buyer.Api}/api/v1/peers/shop/doctor", content: null, Token);
        using var document = JsonDocument.Parse(await answer.Content.ReadAsStringAsync(Token));

        var findings = document.RootElement.GetProperty("findings").EnumerateArray()
            .Select(finding => (Id: Text(finding, "id"), About: Text(finding, "about"), Measured: Text(finding, "measured"))).ToList();
        findings.Where(finding => finding.Id == "greeting").Select(finding => finding.About).ShouldBe(
            [$"127.0.0.1:{standby.Settings.LinksPort}", $"127.0.0.1:{holder.Settings.LinksPort}"]);
        findings.ShouldContain(("probe", $"127.0.0.1:{standby.Settings.LinksPort}", "a process of shop that stands by"));
        findings.Single(finding => finding is { Id: "probe", About: "shop" }).Measured.ShouldNotContain("Standby");
        static string Text(JsonElement finding, string name) => finding.GetProperty(name).GetString()!;
    }

    [Fact]
    public async Task A_standby_is_alive_and_well_and_not_ready_and_stops_when_it_is_told()
    {
        var (holder, standby) = await StartPairAsync();
        using var http = new HttpClient();

        (await http.GetAsync($"{standby.Api}/livez", Token)).StatusCode.ShouldBe(HttpStatusCode.OK);
        var ready = await http.GetAsync($"{standby.Api}/readyz", Token);
        ready.StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable);
        (await ready.Content.ReadAsStringAsync(Token)).ShouldContain("\"standby\"");
        var health = await http.GetAsync($"{standby.Api}/healthz", Token);
        health.StatusCode.ShouldBe(HttpStatusCode.OK);
        (await health.Content.ReadAsStringAsync(Token)).ShouldContain($"held by process {holder.Process.Id} on {Environment.MachineName}");
        (await http.GetAsync($"{holder.Api}/readyz", Token)).StatusCode.ShouldBe(HttpStatusCode.OK);
        // An application and a peer that know of no other address.
        await using var client = new GatewayClient(
            new GatewayClientOptions { Address = standby.Address, RequestTimeout = TimeSpan.FromSeconds(1) });
        var refused = await Should.ThrowAsync<GatewayException>(async () => await client.GetGatewayAsync(Token));
        refused.Reason.ShouldBe(GatewayError.Unavailable);
        refused.InnerException.ShouldBeOfType<GatewayException>().Reason.ShouldBe(GatewayError.Standby);
        var status = Track(TestProcess.Start(
            Executable.Start(["status", "--gateway", standby.Api]), Path.Combine(Folder, "status.txt")));
        (await InTimeAsync("its status", status.Ended)).ShouldBe(0);
        status.Output.ShouldMatch("^state +standby\nThe store is held by process ");
        var send = Track(TestProcess.Start(
            Executable.Start(["send", "orders", "x", "--gateway", standby.Address, "--timeout", "1s"]), Path.Combine(Folder, "send.txt")));
        (await InTimeAsync("a message is not sent", send.Ended)).ShouldNotBe(0);
        send.Errors.ShouldContain("takes nothing now. The gateway answered Standby: ");
        var lone = NewPeerOf(standby, "lone");
        await lone.StartReadyAsync(Token);
        await UntilAsync("the peer is told so", async () =>
            (await http.GetStringAsync($"{lone.Api}/api/v1/peers/shop", Token)).Contains("\"PeerStandby\""));

        (await InTimeAsync("the standby stops", standby.StopAsync())).ShouldBe(0);
        standby.Process.Errors.ShouldBeEmpty();
    }

    [Fact]
    public async Task Both_stop_at_once()
    {
        var (holder, standby) = await StartPairAsync();

        int[] exitCodes = await InTimeAsync("both stop", Task.WhenAll(holder.StopAsync(), standby.StopAsync()));

        exitCodes.ShouldBe([0, 0]);
        standby.Process.Errors.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_standby_of_a_service_lets_systemd_go_on_and_feeds_its_watchdog()
    {
        var holder = NewGateway();
        await holder.StartReadyAsync(Token);
        using var systemd = new ServiceManager(Folder);
        var standby = NewStandby(holder);

        standby.Start(systemd.Under(watchdogSeconds: 3));

        await UntilAsync("it has started", () => systemd.States.Contains("READY=1"));
        await UntilAsync("the watchdog is fed", () => systemd.States.Count(state => state == "WATCHDOG=1") >= 2);
        systemd.States.ShouldContain(state => state.StartsWith("STATUS=The store is held by process"));
    }

    [Fact]
    public async Task The_holder_keeps_its_store_when_the_database_restarts()
    {
        await using var server = await PostgresServer.StartAsync(Token);
        var holder = NewGateway(connectionString: server.ConnectionString());
        await holder.StartReadyAsync(Token);
        var standby = NewStandby(holder);
        await StandByAsync(standby);

        await server.EndAsync("fast");
        await UntilAsync("the standby has noticed", () => standby.Process.Output.Contains("cannot be used now"));
        // The standby is there first, and lets the holder return.
        holder.Process.Send(TestProcess.UnixSignal.Stop);
        await server.RunAsync(Token);
        await UntilAsync("the standby has the database again", async () =>
            await server.ScalarAsync<long>("SELECT count(*) FROM pg_stat_activity WHERE application_name = 'gateway shop'") > 0);
        holder.Process.Send(TestProcess.UnixSignal.Continue);
        await NewClient(holder).EnqueueAsync("orders@shop", new byte[] { 1 }, null, Token);
        (await InTimeAsync("it stops", holder.StopAsync())).ShouldBe(0);

        await standby.WaitUntilReadyAsync(Token);
        (await NewClient(standby).PeekAsync("orders", count: 10, cancellationToken: Token)).Count.ShouldBe(1);
    }

    /// <summary>A process that was displaced goes on, and takes neither its own store nor the peer's for an old copy.</summary>
    private static async Task GoesOnAsync(TestGateway displaced, TestGateway peer)
    {
        displaced.Process.Send(TestProcess.UnixSignal.Continue);
        (await InTimeAsync("the former holder ends", displaced.Process.Ended)).ShouldBe(1);
        displaced.Process.Errors.ShouldContain("was taken over by another gateway");
        var told = displaced.Process.Output + displaced.Process.Errors;
        told.ShouldNotContain("(StoreForked)");
        told.ShouldNotContain("(DuplicateName)");
        using var http = new HttpClient();
        (await http.GetStringAsync($"{peer.Api}/api/v1/peers/shop", Token)).ShouldNotContain("PeerWentBack");
    }

    private async Task<(TestGateway Holder, TestGateway Standby)> StartPairAsync()
    {
        var holder = NewGateway();
        await holder.StartReadyAsync(Token);
        var standby = NewStandby(holder);
        await StandByAsync(standby);
        return (holder, standby);
    }
}
