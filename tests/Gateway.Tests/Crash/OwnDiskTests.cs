using System.Net;
using System.Net.Http.Json;
using Gateway.Http.Answers;
using Gateway.Links.Protocol;
using Gateway.Management;
using Shouldly;
using Xunit;

namespace Gateway.Tests.Crash;

/// <summary>A gateway whose own disk hangs says so of itself; it called all its links up, and answered no question.</summary>
[Kind(Kind.Process)]
public sealed class OwnDiskTests : LinkTest
{
    /// <summary>With the settings that a gateway has by itself.</summary>
    private static readonly TimeSpan _detectionMax = TimeSpan.FromSeconds(10);

    [Fact]
    [Needs("strace")]
    public async Task A_gateway_whose_own_disk_hangs_is_LocalDisk_and_not_ready_until_the_disk_goes_on()
    {
        var (near, far) = NewPair(new Dictionary<string, string>());
        var client = await StartAsync(near, far);
        Task sending;
        await using (await SlowDisk.OfAsync(near.Process, TimeSpan.FromSeconds(60), Path.Combine(Folder, "strace.log")))
        {
            var hung = Now;
            sending = client.SendAllAsync("jobs@far", ProcessMessages.Numbered(3));

            var local = await UntilUpAsync(client, LinkCause.LocalDisk, hung);
            (local.At - hung).ShouldBeLessThan(_detectionMax);
            local.Evidence.ShouldContain("this gateway's own store has not answered since");
            (await ExplainAsync(near)).ShouldContain("repair the disk if it does not respond");
            (await OperatorView.StateAsync(client, Token)).StoreStalledSince.ShouldNotBeNull();
            var (status, ready) = await ReadyAsync(near);
            (status, ready.Reasons.ShouldHaveSingleItem().Code).ShouldBe((HttpStatusCode.ServiceUnavailable, "store-stalled"));
            sending.IsCompleted.ShouldBeFalse();
        }

        await InTimeAsync("the receipts", sending);
        (await InTimeAsync("the messages", NewClient(far).TakeAsync("jobs", 3))).ShouldBe(ProcessMessages.Numbered(3));
        await UntilAsync("the link is well", async () =>
            (await OperatorView.StateAsync(client, Token)) is { StoreStalledSince: null } state && state.LinkTo(Far).Advice.Length == 0);
        (await ReadyAsync(near)).Status.ShouldBe(HttpStatusCode.OK);
    }

    private static async Task<(HttpStatusCode Status, Health Health)> ReadyAsync(TestGateway gateway)
    {
        using var http = new HttpClient();
        using var answer = await http.GetAsync(new Uri(new Uri(gateway.Api), "/readyz"), Token);
        return (answer.StatusCode, (await answer.Content.ReadFromJsonAsync<Health>(HttpJson.Options, Token))!);
    }
}
