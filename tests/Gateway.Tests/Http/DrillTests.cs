using System.Net;
using Gateway.Management;
using Shouldly;
using Xunit;

namespace Gateway.Tests.Http;

/// <summary>A drill over HTTP: what reaches the gateway, and what is answered.</summary>
[Kind(Kind.Http)]
public sealed class DrillTests
{
    private const string Path = "/api/v1/peers/billing/drill";

    [Theory]
    [InlineData("""{"kind":"half-open"}""", "drill billing HalfOpen 00:00:03 local (127.0.0.1)")]
    [InlineData("""{"kind":"stall","seconds":0.5}""", "drill billing Stall 00:00:00.5000000 local (127.0.0.1)")]
    public async Task A_drill_reaches_the_gateway_with_its_kind_and_who(string body, string act)
    {
        await using var api = await TestApi.StartAsync();

        (await api.PostAsync(Path, TestApi.Json(body))).StatusCode.ShouldBe(HttpStatusCode.NoContent);

        api.Gateway.Acts.ShouldBe([act]);
    }

    [Theory]
    [InlineData("""{"kind":"earthquake"}""")]
    [InlineData("""{"kind":"stall","seconds":61}""")]
    [InlineData("""{"kind":"stall","seconds":0}""")]
    [InlineData("""{"kind":"stall","minutes":1}""")]
    [InlineData("{}")]
    public async Task A_drill_that_is_none_reaches_nobody(string body)
    {
        await using var api = await TestApi.StartAsync();

        await TestApi.ProblemOfAsync(await api.PostAsync(Path, TestApi.Json(body)), HttpStatusCode.BadRequest, "bad-request");

        api.Gateway.Acts.ShouldBeEmpty();
    }

    [Theory]
    [InlineData(DrillAnswer.NotEnabled, HttpStatusCode.Forbidden, "drills-not-enabled", "set Gateway:Links:DrillEnabled to true")]
    [InlineData(DrillAnswer.NotUp, HttpStatusCode.Conflict, "link-not-up", "Try again when it is")]
    public async Task What_is_in_the_way_is_said(object answer, HttpStatusCode status, string code, string words)
    {
        await using var api = await TestApi.StartAsync();
        api.Gateway.Drill = (DrillAnswer)answer;

        (await TestApi.ProblemOfAsync(await api.PostAsync(Path, TestApi.Json("""{"kind":"reset"}""")), status, code)).ShouldContain(words);
    }

    [Fact]
    public async Task A_peer_that_is_none_is_not_found()
    {
        await using var api = await TestApi.StartAsync();

        await TestApi.ProblemOfAsync(
            await api.PostAsync("/api/v1/peers/nobody/drill", TestApi.Json("""{"kind":"reset"}""")), HttpStatusCode.NotFound, "not-found");
    }
}
