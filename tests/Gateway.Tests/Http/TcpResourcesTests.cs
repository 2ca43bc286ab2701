using System.Net;
using Gateway.Links.Causes;
using Gateway.Links.Protocol;
using Gateway.Tests.Management;
using Shouldly;
using Xunit;

namespace Gateway.Tests.Http;

/// <summary>Inlets and outlets over HTTP.</summary>
[Kind(Kind.Http)]
public sealed class TcpResourcesTests
{
    private readonly FakeManagement _gateway = new();

    public TcpResourcesTests() => _gateway.State = _gateway.State with
    {
        Inlets = [TcpGlances.Inlet(LinkState.Up, LinkCause.LocalQuota, "telegrams@plant is full", replies: 2)],
        Outlets = [TcpGlances.Outlet(LinkState.Up, LinkCause.PeerRestarted, "receiver (pid 4711) was replaced", messages: 14)],
    };

    [Fact]
    public async Task Each_is_told_with_cause_advice_and_what_waits()
    {
        await using var api = await TestApi.StartAsync(gateway: _gateway);

        var tcp = await api.GetJsonAsync("/api/v1/tcp");

        var inlet = tcp.GetProperty("inlets")[0];
        inlet.GetProperty("name").GetString().ShouldBe("plc");
        inlet.GetProperty("state").GetString().ShouldBe("up");
        inlet.GetProperty("cause").GetString().ShouldBe("LocalQuota");
        inlet.GetProperty("evidence").GetString().ShouldBe("telegrams@plant is full");
        inlet.GetProperty("address").GetString().ShouldBe("tcp://127.0.0.1:9000");
        inlet.GetProperty("frames").GetInt64().ShouldBe(1204);
        inlet.GetProperty("repliesWaiting").GetInt64().ShouldBe(2);
        var outlet = tcp.GetProperty("outlets")[0];
        outlet.GetProperty("target").GetString().ShouldBe("10.0.4.20:9000");
        outlet.TryGetProperty("cause", out _).ShouldBeFalse();
        outlet.GetProperty("lastInterruption").GetProperty("cause").GetString().ShouldBe("PeerRestarted");
        outlet.GetProperty("evidence").GetString().ShouldBe("");
        outlet.GetProperty("messages").GetInt64().ShouldBe(14);
        outlet.GetProperty("oldestAgeSeconds").GetDouble().ShouldBe(360);
        outlet.GetProperty("program").GetString().ShouldBe("receiver (pid 5020, started 12:00:03)");
        outlet.GetProperty("possiblySeenTwice").GetInt64().ShouldBe(5);
    }

    [Fact]
    public async Task One_is_told_with_its_connections_and_history()
    {
        await using var api = await TestApi.StartAsync(gateway: _gateway);

        var inlet = await api.GetJsonAsync("/api/v1/tcp/inlets/plc");
        inlet.GetProperty("inlet").GetProperty("open").GetInt32().ShouldBe(2);
        var held = inlet.GetProperty("conversations")[1];
        held.GetProperty("id").GetString().ShouldBe("5f3a9c01-39");
        held.GetProperty("remote").GetString().ShouldBe("10.0.4.18:40022");
        held.GetProperty("cause").GetString().ShouldBe("LocalQuota");
        held.GetProperty("framesIn").GetInt64().ShouldBe(1004);
        inlet.GetProperty("history")[0].GetProperty("cause").GetString().ShouldBe("ResetByPeer");
        inlet.GetProperty("patterns").GetArrayLength().ShouldBe(0);

        var outlet = await api.GetJsonAsync("/api/v1/tcp/outlets/press");
        outlet.GetProperty("connections")[0].GetProperty("bytesOut").GetInt64().ShouldBe(1_200_000);
        outlet.GetProperty("history")[0].GetProperty("cause").GetString().ShouldBe("ResetByPeer");
        outlet.GetProperty("patterns").GetArrayLength().ShouldBe(0);
    }

    [Theory]
    [InlineData("pause", "pause inbound telegrams 'new press' local (127.0.0.1)")]
    [InlineData("resume", "resume inbound telegrams local (127.0.0.1)")]
    public async Task An_outlet_is_paused_and_resumed_by_its_own_name(string verb, string act)
    {
        _gateway.State = _gateway.State with { Queues = [_gateway.State.Outlets[0].Queue!] };
        await using var api = await TestApi.StartAsync(gateway: _gateway);

        using var answer = await api.PostAsync(
            $"/api/v1/tcp/outlets/press/{verb}", verb == "pause" ? TestApi.Json("""{"why":"new press"}""") : null);

        answer.StatusCode.ShouldBe(HttpStatusCode.NoContent);
        _gateway.Acts.ShouldBe([act]);
        (await api.PostAsync($"/api/v1/tcp/outlets/nobody/{verb}")).StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    [Theory]
    [InlineData("pause", "pause inlet plc 'new press' local (127.0.0.1)")]
    [InlineData("resume", "resume inlet plc local (127.0.0.1)")]
    public async Task An_inlet_is_paused_and_resumed(string verb, string act)
    {
        await using var api = await TestApi.StartAsync(gateway: _gateway);

        using var answer = await api.PostAsync(
            $"/api/v1/tcp/inlets/plc/{verb}", verb == "pause" ? TestApi.Json("""{"why":"new press"}""") : null);

        answer.StatusCode.ShouldBe(HttpStatusCode.NoContent);
        _gateway.Acts.ShouldBe([act]);
        (await api.PostAsync($"/api/v1/tcp/inlets/nobody/{verb}")).StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    [Theory]
    [InlineData("inlets/press", "no inlet 'press' in its Gateway:Tcp:Inlets")]
    [InlineData("outlets/plc", "no outlet 'plc' in its Gateway:Tcp:Outlets")]
    public async Task A_name_that_is_none_is_told(string path, string detail)
    {
        await using var api = await TestApi.StartAsync(gateway: _gateway);

        using var answer = await api.GetAsync($"/api/v1/tcp/{path}");

        answer.StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)).ShouldContain(detail);
    }
}
