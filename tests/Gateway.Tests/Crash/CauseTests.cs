using Gateway.Cli.Demo.Processes;
using Gateway.Links.Protocol;
using Gateway.Tests.Transport.Zmtp;
using Shouldly;
using Xunit;

namespace Gateway.Tests.Crash;

/// <summary>Each cause of a link that is not up, produced for real, and what a running gateway says of it.</summary>
[Collection(ProcessCollection.Name)]
public sealed class CauseTests : LinkTest
{
    [Fact]
    public async Task A_peer_that_was_killed_is_Refused_until_it_is_back_and_then_PeerRestarted()
    {
        var (near, far) = NewPair(Quick);
        var client = await StartAsync(near, far);

        var killed = Now;
        await far.KillAsync();
        var end = await UntilEndAsync(client, killed);
        end.Cause.ShouldBeOneOf(LinkCause.ResetByPeer, LinkCause.ClosedByPeer);
        (end.At - killed).ShouldBeLessThan(DeadAfter + Slack);
        (await UntilDownAsync(client, LinkCause.Refused, killed)).Evidence.ShouldContain("ConnectionRefused");
        var said = await ExplainAsync(near);
        said.ShouldContain("Refused");
        said.ShouldContain("Start the gateway on the peer's host");

        await far.StartReadyAsync(Token);
        (await UntilUpAsync(client, LinkCause.PeerRestarted, killed)).Evidence.ShouldContain("came back with incarnation");
        (await ExplainAsync(near)).ShouldContain("PeerRestarted");
    }

    [Fact]
    public async Task A_peer_that_was_stopped_in_an_orderly_way_is_GoingAway()
    {
        var (near, far) = NewPair(Quick);
        var client = await StartAsync(near, far);

        var stopped = Now;
        await far.StopAsync();

        (await UntilEndAsync(client, stopped)).Cause.ShouldBe(LinkCause.GoingAway);
    }

    [Fact]
    public async Task A_peer_that_closes_hard_is_ResetByPeer()
    {
        var client = await StartTowardsAsync(Impersonate(async socket =>
        {
            await FakePeer.ShakeHandsAsync(socket);
            socket.Close(timeout: 0);
        }));

        (await UntilDownAsync(client, LinkCause.ResetByPeer)).Evidence.ShouldContain("ConnectionReset");
    }

    [Fact]
    public async Task A_web_server_at_the_address_is_WrongService()
    {
        var client = await StartTowardsAsync(Impersonate(async socket =>
        {
            await socket.SendAsync("HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n"u8.ToArray());
            await FakePeer.WaitForEndAsync(socket);
        }));

        (await UntilDownAsync(client, LinkCause.WrongService)).Evidence.ShouldContain("NotZmtp");
    }

    [Fact]
    public async Task A_listener_that_says_nothing_is_PeerSilent_in_time_and_no_firewall_is_blamed()
    {
        var begun = Now;
        var client = await StartTowardsAsync(Impersonate(FakePeer.WaitForEndAsync));

        var down = await UntilDownAsync(client, LinkCause.PeerSilent);

        down.Evidence.ShouldContain(
            "accepted the connection, but did not complete the ZMTP handshake within 1 s; not one byte came; no gateway has answered "
                + "there yet");
        var seen = await OperatorView.LinkAsync(client, Far);
        seen.Link.Advice.ShouldContain("another program has taken the port");
        seen.Candidates.Select(candidate => candidate.Cause).ShouldBe([LinkCause.PeerSilent, LinkCause.WrongService]);
        (down.At - begun).ShouldBeLessThan(DeadAfter + Slack);
    }

    [Fact]
    public async Task A_peer_of_another_version_is_VersionMismatch()
    {
        var client = await StartTowardsAsync(Impersonate(async socket =>
        {
            await FakePeer.ShakeHandsAsync(socket);
            await socket.SendAsync(
                ZmtpBytes.Frame(0, LinkCodec.Encode(new LinkFrame.Refused(RefusalCode.Version, "far speaks version 9"))));
            await FakePeer.WaitForEndAsync(socket);
        }));

        (await UntilDownAsync(client, LinkCause.VersionMismatch)).Evidence.ShouldContain("far speaks version 9");
    }

    [Fact]
    public async Task A_name_without_an_address_is_NameNotResolved()
    {
        var client = await StartTowardsAsync("tcp://no-such-host.invalid:7421");

        (await UntilDownAsync(client, LinkCause.NameNotResolved)).Evidence.ShouldContain("no-such-host.invalid");
    }

    [Fact]
    public async Task A_peer_that_does_not_know_this_gateway_is_NotAuthorised()
    {
        var stranger = NewGateways(Quick, Far)[0];
        await stranger.StartReadyAsync(Token);

        var client = await StartTowardsAsync(stranger.Settings.LinksAddress);

        (await UntilDownAsync(client, LinkCause.NotAuthorised)).Evidence.ShouldContain("near is not among the peers of far");
    }

    [Fact]
    public async Task Two_gateways_of_one_name_are_DuplicateName_to_both()
    {
        var (near, far) = NewPair(Quick);
        var ports = LoopbackPort.Free(3);
        var folder = Directory.CreateDirectory(Path.Combine(Folder, "twin")).FullName;
        var twin = Track(
            new TestGateway(near.Settings with { Folder = folder, IntakePort = ports[0], LinksPort = ports[1], HttpPort = ports[2] }));
        var client = await StartAsync(near, far);
        await twin.StartReadyAsync(Token);

        (await UntilDownAsync(client, LinkCause.DuplicateName)).Evidence.ShouldContain("took this place");
        (await UntilDownAsync(NewClient(twin), LinkCause.DuplicateName)).Evidence.ShouldContain("took this place");
    }

    [Fact]
    [Needs("root")]
    public async Task A_peer_whose_disk_is_full_is_PeerRefuses_until_there_is_room()
    {
        const int BodyBytes = 200_000;
        var more = new Dictionary<string, string>(Quick)
        { ["Gateway:Store:DiskReserveBytes"] = $"{24 << 20}", ["Gateway:Store:VolumeBytes"] = $"{8 << 20}" };
        var (near, far) = NewPair(more);
        await using var disk = await TinyFileSystem.MountAsync(far.StorePath, megabytes: 64);
        await using var running = far;
        var client = await StartAsync(near, far);
        var refused = UntilUpAsync(client, LinkCause.PeerRefuses);

        var sent = 0;
        for (; !refused.IsCompleted; sent++)
            await InTimeAsync("a receipt", client.EnqueueAsync("jobs@far", new byte[BodyBytes], null, Token).AsTask());

        var change = await refused;
        change.Evidence.ShouldContain("has no room for queue jobs");
        change.Evidence.ShouldContain("Store:DiskReserveBytes");
        (await InTimeAsync("all that was sent", NewClient(far).TakeAsync("jobs", sent))).Count.ShouldBe(sent);
        await UntilUpAsync(client, LinkCause.None, change.At);
    }

    [Fact]
    [Needs("strace")]
    public async Task A_peer_that_answers_and_whose_disk_hangs_is_PeerStuck_until_the_disk_goes_on()
    {
        const int Messages = 20;
        // So patient with silence that only the missing acknowledgement can end the link.
        var (near, far) = NewPair(new Dictionary<string, string>(Quick)
        { ["Gateway:Links:DeadAfter"] = "00:00:20", ["Gateway:Links:AckTimeout"] = "00:00:01" });
        var client = await StartAsync(near, far);
        await using (await SlowDisk.OfAsync(far.Process, TimeSpan.FromSeconds(5), Path.Combine(Folder, "strace.log")))
        {
            var slow = Now;
            await client.SendAllAsync("jobs@far", ProcessMessages.Numbered(Messages));

            var end = await UntilEndAsync(client, slow);
            end.Cause.ShouldBe(LinkCause.PeerStuck);
            end.Evidence.ShouldContain("the peer answers, but acknowledged nothing of queue jobs");
            (end.At - slow).ShouldBeLessThan(TimeSpan.FromSeconds(1) + Slack);
        }

        (await InTimeAsync("the messages", NewClient(far).TakeAsync("jobs", Messages))).ShouldBe(ProcessMessages.Numbered(Messages));
        await OperatorView.UntilUpAsync(client, Far);
    }

    [Fact]
    public async Task A_connection_that_is_cut_between_the_hosts_is_told_from_one_that_a_peer_closed()
    {
        var (near, far) = NewPair(Quick);
        var proxy = Track(TcpProxy.To(far.Settings.LinksPort));
        near = Towards(near, proxy.Address);
        var client = await StartAsync(near, far);

        var cut = Now;
        proxy.Reset().ShouldBe(1);

        (await UntilEndAsync(client, cut)).Cause.ShouldBe(LinkCause.ResetByPeer);
        await UntilAsync("both sides have told each other what they saw", async () =>
            (await OperatorView.LinkAsync(client, Far)).History.Any(change => change.At >= cut && change.Evidence.Contains(
                "each side saw the other end the connection (here ResetByPeer, there ResetByPeer): something between the hosts cut it",
                StringComparison.Ordinal)));
    }
}
