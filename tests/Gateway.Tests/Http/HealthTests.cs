using System.Net;
using System.Text.Json;
using Gateway.Links.Causes;
using Gateway.Links.Protocol;
using Gateway.Management;
using Gateway.Tests.Management;
using Shouldly;
using Xunit;

namespace Gateway.Tests.Http;

[Kind(Kind.Http)]
public sealed class HealthTests
{
    [Theory]
    [InlineData("/livez")]
    [InlineData("/readyz")]
    [InlineData("/healthz")]
    public async Task All_is_well(string path)
    {
        await using var api = await TestApi.StartAsync();

        (await api.GetJsonAsync(path)).GetProperty("status").GetString().ShouldBe("healthy");
    }

    [Fact]
    public async Task A_dead_peer_degrades_health_and_nothing_else()
    {
        var gateway = new FakeManagement
        { State = FakeManagement.NewState() with { Links = [FakeManagement.NewLink("billing", LinkState.Down, LinkCause.Refused)] } };
        await using var api = await TestApi.StartAsync(gateway: gateway);

        var health = await api.GetJsonAsync("/healthz");

        health.GetProperty("status").GetString().ShouldBe("degraded");
        health.GetProperty("reasons")[0].GetProperty("code").GetString().ShouldBe("peer");
        health.GetProperty("reasons")[0].GetProperty("about").GetString().ShouldBe("billing");
        health.GetProperty("reasons")[0].GetProperty("text").GetString()!.ShouldContain("Refused");
        (await api.GetJsonAsync("/readyz")).GetProperty("status").GetString().ShouldBe("healthy");
        (await api.GetJsonAsync("/livez")).GetProperty("status").GetString().ShouldBe("healthy");
    }

    [Fact]
    public async Task A_peer_that_an_operator_has_paused_is_no_fault()
    {
        var link = FakeManagement.NewLink("billing", LinkState.Paused, LinkCause.PausedByOperator) with
        { Pause = new Pause(FakeManagement.Now, "anna", "") };
        await using var api = await TestApi.StartAsync(
            gateway: new FakeManagement { State = FakeManagement.NewState() with { Links = [link] } });

        (await api.GetJsonAsync("/healthz")).GetProperty("status").GetString().ShouldBe("healthy");
    }

    [Fact]
    public async Task Damaged_messages_degrade_health()
    {
        await using var api = await TestApi.StartAsync(
            gateway: new FakeManagement { State = FakeManagement.NewState() with { Damaged = 3 } });

        (await api.GetJsonAsync("/healthz")).GetProperty("reasons")[0].GetProperty("code").GetString().ShouldBe("damaged");
    }

    [Theory]
    [InlineData(1000, 300, "disk-full", "Store:DiskReserveBytes")]
    [InlineData(1L << 40, 1L << 50, "store-full", "Store:BytesMax")]
    public async Task What_takes_no_messages_is_not_ready_and_unhealthy_for_the_same_reason_and_alive(
        long freeBytes, long storedBytes, string code, string setting)
    {
        var state = FakeManagement.NewState() with
        {
            FreeBytes = freeBytes,
            StoredBytes = storedBytes,
            Links = [FakeManagement.NewLink("billing", LinkState.Down, LinkCause.Refused)]
        };
        await using var api = await TestApi.StartAsync(gateway: new FakeManagement { State = state });

        var ready = await TestApi.JsonOfAsync(await api.GetAsync("/readyz"), HttpStatusCode.ServiceUnavailable);
        var health = await TestApi.JsonOfAsync(await api.GetAsync("/healthz"), HttpStatusCode.ServiceUnavailable);

        CodesOf(ready).ShouldBe([code]);
        CodesOf(health).ShouldBe([code, "peer"]);
        health.GetProperty("status").GetString().ShouldBe("unhealthy");
        health.GetProperty("reasons")[0].GetProperty("text").GetString()!.ShouldContain(setting);
        (await api.GetAsync("/livez")).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task A_store_that_fails_is_unhealthy_and_alive()
    {
        await using var api = await TestApi.StartAsync(failure: "the disk does not answer");

        var health = await TestApi.JsonOfAsync(await api.GetAsync("/healthz"), HttpStatusCode.ServiceUnavailable);

        health.GetProperty("status").GetString().ShouldBe("unhealthy");
        health.GetProperty("reasons")[0].GetProperty("text").GetString().ShouldBe("the disk does not answer");
        (await api.GetAsync("/readyz")).StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable);
        (await api.GetAsync("/livez")).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task While_the_store_is_opened_the_gateway_is_alive_and_not_ready()
    {
        await using var api = await TestApi.StartAsync(isStarting: true);

        (await api.GetAsync("/livez")).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await TestApi.JsonOfAsync(await api.GetAsync("/readyz"), HttpStatusCode.ServiceUnavailable)).GetProperty("reasons")[0]
            .GetProperty("code").GetString().ShouldBe("starting");
        (await api.GetAsync("/healthz")).StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable);
    }

    [Fact]
    public async Task A_gateway_that_stands_by_is_well_and_not_ready_and_says_so_wherever_it_is_asked()
    {
        await using var api = await TestApi.StartAsync(isStarting: true, standby: "The store is held by process 1 on alpha.");

        (await api.GetAsync("/livez")).StatusCode.ShouldBe(HttpStatusCode.OK);
        CodesOf(await TestApi.JsonOfAsync(await api.GetAsync("/readyz"), HttpStatusCode.ServiceUnavailable)).ShouldBe(["standby"]);
        var health = await TestApi.JsonOfAsync(await api.GetAsync("/healthz"), HttpStatusCode.OK);
        health.GetProperty("status").GetString().ShouldBe("healthy");
        CodesOf(health).ShouldBe(["standby"]);
        await TestApi.ProblemOfAsync(await api.GetAsync("/api/v1/state"), HttpStatusCode.ServiceUnavailable, "standby");
    }

    private static IEnumerable<string?> CodesOf(JsonElement health) =>
        health.GetProperty("reasons").EnumerateArray().Select(reason => reason.GetProperty("code").GetString());
}
