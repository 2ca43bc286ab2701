using System.Net.Http.Json;
using System.Text.Json;
using Shouldly;
using Xunit;

namespace Gateway.Tests.Crash;

/// <summary>
/// Others take the disk of a running gateway: its folder loses its rights, or a program takes all room that is left, again and again.
/// Nothing ends of it: new messages are refused with the true reason, what is
/// stored drains as far as it can, and everything goes on by itself afterwards.
/// </summary>
[Kind(Kind.Process)]
public sealed class TakenDiskTests : RefusingDiskTest
{
    [Fact]
    public async Task A_folder_that_loses_its_rights_refuses_new_messages_damages_nothing_and_is_waited_for_at_the_start()
    {
        await using var gateway = NewGateway();
        // Root with no more rights to files than their owner has.
        string[] asOwner = ["/usr/bin/setpriv", "--bounding-set=-dac_override,-dac_read_search,-fowner"];
        gateway.Start(asOwner);
        await InTimeAsync("the gateway is ready", gateway.WaitUntilReadyAsync(Token));
        var sent = await SendAsync(gateway, 400);

        await SetRightsAsync(gateway, "000");
        (sent, var refused) = await SendUntilFullAsync(gateway, sent);
        refused.ShouldContain("may not");
        var taken = NewClient(gateway).TakeAsync("jobs", sent);
        await UntilHealthSaysAsync("may not");
        await SetRightsAsync(gateway, "755");
        await ShouldGoOnAsync(gateway, sent, taken, stops: false);

        await SendAsync(gateway, 1);
        (await InTimeAsync("the gateway stops", gateway.StopAsync())).ShouldBe(0);
        await SetRightsAsync(gateway, "000");
        gateway.Start(asOwner);
        await UntilHealthSaysAsync("cannot be opened");
        await SetRightsAsync(gateway, "755");
        await InTimeAsync("the gateway is ready", gateway.WaitUntilReadyAsync(Token));
        await ShouldGoOnAsync(gateway, 1, NewClient(gateway).TakeAsync("jobs", 1));
    }

    [Fact]
    [Needs("root")]
    public async Task Another_program_that_takes_all_room_while_messages_flow_and_a_purge_on_the_full_disk_end_nothing()
    {
        await using var gateway = NewGateway();
        await using var disk = await TinyFileSystem.MountAsync(gateway.StorePath, 100);
        await gateway.StartReadyAsync(Token);
        var client = NewClient(gateway);
        await client.SendAsync("purged@local", "one");
        var sent = 0;
        for (var round = 0; round < 6; round++)
        {
            var filling = Task.Run(disk.FillUp, Token);
            (sent, _) = await SendUntilFullAsync(gateway, sent, most: 100);
            await InTimeAsync("the disk is full", filling);
            if (round % 2 == 0) disk.RemoveFiller();
        }

        disk.FillUp();
        (await SendUntilFullAsync(gateway, sent)).Why.ShouldContain("bytes");
        await PurgeAsync("purged");
        var taken = client.TakeAsync("jobs", sent);
        (await InTimeAsync("everything on a full disk", taken)).Count.ShouldBe(sent);
        disk.RemoveFiller();
        await ShouldGoOnAsync(gateway, sent, taken);
    }

    private async Task PurgeAsync(string queue)
    {
        var request = new { kind = "purge", queue = new { kind = "inbound", name = queue }, all = true, why = "test" };
        using var begun = await Http.PostAsync(Address("/api/v1/operations"), JsonContent.Create(request), Token);
        var text = await begun.Content.ReadAsStringAsync(Token);
        begun.IsSuccessStatusCode.ShouldBeTrue(text);
        var id = JsonDocument.Parse(text).RootElement.GetProperty("id").GetString();
        var ended =
            await InTimeAsync("the purge ends", Http.GetFromJsonAsync<JsonElement>(Address($"/api/v1/operations/{id}/wait"), Token));
        (ended.GetProperty("state").GetString(), ended.GetProperty("changed").GetInt64()).ShouldBe(("done", 1));
    }

    private static Task SetRightsAsync(TestGateway gateway, string rights) => RunAsync("chmod", rights, gateway.StorePath);
}
