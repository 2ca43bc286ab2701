using System.Net;
using System.Text.Json;
using Gateway.Management;
using Gateway.Store.Messages;
using Gateway.Tests.Management;
using Shouldly;
using Xunit;

namespace Gateway.Tests.Http;

/// <summary>The acts of operators over HTTP.</summary>
[Kind(Kind.Http)]
public sealed class ActionTests
{
    private const string Operations = "/api/v1/operations";

    [Theory]
    [InlineData("peers/billing/pause", "pause billing 'new disk' local (127.0.0.1)")]
    [InlineData("peers/billing/resume", "resume billing local (127.0.0.1)")]
    [InlineData("peers/billing/retry", "retry billing local (127.0.0.1)")]
    [InlineData("queues/outgoing/orders@billing/pause", "pause outgoing orders@billing 'new disk' local (127.0.0.1)")]
    [InlineData("queues/inbound/bills/resume", "resume inbound bills local (127.0.0.1)")]
    public async Task Acts_reach_the_gateway_with_who_and_why(string path, string act)
    {
        await using var api = await TestApi.StartAsync();

        using var response = await api.PostAsync(
            $"/api/v1/{path}", path.EndsWith("pause", StringComparison.Ordinal) ? TestApi.Json("""{"why":"new disk"}""") : null);

        response.StatusCode.ShouldBe(HttpStatusCode.NoContent);
        api.Gateway.Acts.ShouldBe([act]);
    }

    [Fact]
    public async Task A_pause_needs_no_reason()
    {
        await using var api = await TestApi.StartAsync();

        (await api.PostAsync("/api/v1/peers/billing/pause")).StatusCode.ShouldBe(HttpStatusCode.NoContent);

        api.Gateway.Acts.ShouldBe(["pause billing '' local (127.0.0.1)"]);
    }

    [Theory]
    [InlineData("peers/nobody/pause")]
    [InlineData("peers/nobody/retry")]
    [InlineData("queues/inbound/nothing/pause")]
    [InlineData("queues/sideways/nothing/resume")]
    public async Task An_act_on_what_is_not_there_is_a_problem(string path)
    {
        await using var api = await TestApi.StartAsync();

        await TestApi.ProblemOfAsync(await api.PostAsync($"/api/v1/{path}"), HttpStatusCode.NotFound, "not-found");
    }

    [Fact]
    public async Task A_peer_that_was_put_back_is_accepted_and_one_that_was_not_is_a_conflict()
    {
        await using var api = await TestApi.StartAsync();

        var problem = await TestApi.ProblemOfAsync(
            await api.PostAsync("/api/v1/peers/billing/accept"), HttpStatusCode.Conflict, "nothing-to-accept");
        problem.ShouldContain("its cause is not PeerWentBack");
        api.Gateway.WentBack = true;
        (await api.PostAsync("/api/v1/peers/billing/accept")).StatusCode.ShouldBe(HttpStatusCode.NoContent);
        await TestApi.ProblemOfAsync(await api.PostAsync("/api/v1/peers/nobody/accept"), HttpStatusCode.NotFound, "not-found");
    }

    [Fact]
    public async Task A_reason_that_is_too_long_is_a_problem()
    {
        await using var api = await TestApi.StartAsync();

        await TestApi.ProblemOfAsync(await api.PostAsync("/api/v1/peers/billing/pause",
            TestApi.Json($$"""{"why":"{{new string('x', 1001)}}"}""")), HttpStatusCode.BadRequest, "bad-request");
    }

    [Fact]
    public async Task An_operation_is_begun_shown_waited_for_and_listed()
    {
        await using var api = await TestApi.StartAsync();

        using var response = await api.PostAsync(Operations, TestApi.Json(
            """{"kind":"dead-letter","queue":{"kind":"outgoing","name":"orders@billing"},"filter":{"headers":{"type":"order"}, """
            + """ "acceptedBefore":"2026-11-22T12:00:00Z"},"includeInDoubt":true,"why":"wrong price"}"""));
        var begun = await TestApi.JsonOfAsync(response, HttpStatusCode.Accepted);

        begun.GetProperty("state").GetString().ShouldBe("running");
        begun.GetProperty("total").GetInt64().ShouldBe(7);
        var request = api.Gateway.Operations.Single().Request;
        request.Kind.ShouldBe(OperationKind.DeadLetter);
        request.Queue.ShouldBe(FakeManagement.Orders);
        request.Number.ShouldBeNull();
        request.Filter.Headers["type"].ShouldBe("order");
        request.Filter.AcceptedBeforeUnixMs.ShouldBe(FakeManagement.Now.ToUnixTimeMilliseconds());
        request.IncludeInDoubt.ShouldBeTrue();
        request.Why.ShouldBe("wrong price");
        api.Gateway.Operations.Single().Who.ShouldBe("local (127.0.0.1)");

        var path = response.Headers.Location!.ToString();
        path.ShouldBe($"{Operations}/{begun.GetProperty("id").GetString()}");
        (await api.GetJsonAsync(path)).GetProperty("kind").GetString().ShouldBe("dead-letter");
        var ended = await api.GetJsonAsync($"{path}/wait");
        ended.GetProperty("state").GetString().ShouldBe("done");
        ended.GetProperty("changed").GetInt64().ShouldBe(5);
        (await api.GetJsonAsync(Operations)).GetArrayLength().ShouldBe(1);
    }

    [Fact]
    public async Task Dead_letters_are_returned_by_number_by_reason_and_to_elsewhere()
    {
        await using var api = await TestApi.StartAsync();

        await StartAsync(api, """{"kind":"return","number":7}""");
        await StartAsync(
            api,
            """{"kind":"return","filter":{"reason":"too-many-deliveries","from":{"kind":"inbound","name":"bills"}}, """
                + """ "destination":"bills@archive"}""");

        api.Gateway.Operations.ShouldAllBe(operation => operation.Request.Queue == null);
        api.Gateway.Operations[0].Request.Number.ShouldBe(7);
        api.Gateway.Operations[1].Request.Filter.Reason.ShouldBe(DeadLetterReason.TooManyDeliveries);
        api.Gateway.Operations[1].Request.Filter.FromQueue.ShouldBe(FakeManagement.Bills);
        api.Gateway.Operations[1].Request.Destination.ShouldBe("bills@archive");
    }

    [Theory]
    [InlineData("""{"kind":"purge"}""")]
    [InlineData("""{"kind":"purge","filter":{}}""")]
    [InlineData("""{"kind":"purge","filter":{"headers":{}}}""")]
    [InlineData("""{"kind":"purge","filter":{"id":""}}""")]
    [InlineData("""{"kind":"purge","number":1,"all":true}""")]
    [InlineData("""{"kind":"purge","fitler":{"id":"0"},"all":true}""")]
    [InlineData("""{"kind":"purge","filter":{"header":{"type":"order"}}}""")]
    [InlineData("""{"kind":"burn","all":true}""")]
    [InlineData("""{"kind":0,"all":true}""")]
    [InlineData("""{"all":true}""")]
    [InlineData("""{"kind":"purge","queue":{"kind":"inbound","name":"orders@billing"},"all":true}""")]
    [InlineData("""{"kind":"purge","queue":{"kind":"outgoing","name":"../x@y"},"all":true}""")]
    [InlineData("""{"kind":"purge",""")]
    [InlineData("")]
    public async Task An_operation_that_is_not_clear_is_not_begun(string json)
    {
        await using var api = await TestApi.StartAsync();

        var detail = await TestApi.ProblemOfAsync(
            await api.PostAsync(Operations, TestApi.Json(json)), HttpStatusCode.BadRequest, "bad-request");

        detail.ShouldNotContain("Gateway.Http");
        api.Gateway.Operations.ShouldBeEmpty();
    }

    [Fact]
    public async Task What_the_gateway_does_not_begin_is_a_problem_with_its_reason()
    {
        await using var api = await TestApi.StartAsync(
            gateway: new FakeManagement { StartFault = _ => "another operation holds inbound bills" });

        (await TestApi.ProblemOfAsync(await api.PostAsync(Operations, TestApi.Json("""{"kind":"purge","all":true}""")),
            HttpStatusCode.Conflict, "not-begun")).ShouldBe("Another operation holds inbound bills.");
    }

    [Fact]
    public async Task An_operation_is_cancelled_once()
    {
        await using var api = await TestApi.StartAsync();
        var id = (await StartAsync(api, """{"kind":"purge","all":true}""")).GetProperty("id").GetString();

        (await api.PostAsync($"{Operations}/{id}/cancel")).StatusCode.ShouldBe(HttpStatusCode.NoContent);
        await api.GetJsonAsync($"{Operations}/{id}/wait");

        await TestApi.ProblemOfAsync(await api.PostAsync($"{Operations}/{id}/cancel"), HttpStatusCode.Conflict, "not-running");
        await TestApi.ProblemOfAsync(await api.PostAsync($"{Operations}/{Guid.Empty}/cancel"), HttpStatusCode.NotFound, "not-found");
        await TestApi.ProblemOfAsync(await api.GetAsync($"{Operations}/{Guid.Empty}"), HttpStatusCode.NotFound, "not-found");
        await TestApi.ProblemOfAsync(await api.GetAsync($"{Operations}/{Guid.Empty}/wait"), HttpStatusCode.NotFound, "not-found");
    }

    [Fact]
    public async Task Who_waits_too_long_is_told_how_it_stands()
    {
        await using var api = await TestApi.StartAsync(gateway: new FakeManagement { Hold = new TaskCompletionSource() });
        var id = (await StartAsync(api, """{"kind":"purge","all":true}""")).GetProperty("id").GetString();

        (await api.GetJsonAsync($"{Operations}/{id}/wait?seconds=0.01")).GetProperty("state").GetString().ShouldBe("running");

        await TestApi.ProblemOfAsync(await api.GetAsync($"{Operations}/{id}/wait?seconds=61"), HttpStatusCode.BadRequest, "bad-request");
    }

    [Fact]
    public async Task A_body_that_is_not_json_is_told_so()
    {
        await using var api = await TestApi.StartAsync();

        await TestApi.ProblemOfAsync(await api.PostAsync(Operations, new StringContent("kind=purge")), HttpStatusCode.UnsupportedMediaType,
            "media-type");
    }

    private static async Task<JsonElement> StartAsync(TestApi api, string json) =>
        await TestApi.JsonOfAsync(await api.PostAsync(Operations, TestApi.Json(json)), HttpStatusCode.Accepted);
}
