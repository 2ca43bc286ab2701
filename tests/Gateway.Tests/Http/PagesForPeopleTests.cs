using System.Net;
using Shouldly;
using Xunit;

namespace Gateway.Tests.Http;

/// <summary>A person whose browser asks for a page gets one; programs get problem details.</summary>
[Kind(Kind.Http)]
public sealed class PagesForPeopleTests
{
    private const string Browser = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8";

    [Theory]
    [InlineData("/no-such-page")]
    [InlineData("/queue/out/<script>alert(1)</script>/x/y")]
    public async Task AnUnknownPage_IsAPage_WithAWayBack(string path)
    {
        await using var api = await TestApi.StartAsync();

        using var answer = await api.GetAsync(path, ("Accept", Browser));

        answer.StatusCode.ShouldBe(HttpStatusCode.NotFound);
        answer.Content.Headers.ContentType?.MediaType.ShouldBe("text/html");
        answer.Headers.GetValues("Content-Security-Policy").Single().ShouldStartWith("default-src 'none'");
        var text = await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        text.ShouldContain("There is nothing at ");
        text.ShouldContain("<a href=\"/\">");
        text.ShouldNotContain("<script>");
    }

    [Theory]
    [InlineData("/no-such-page", "*/*")]
    [InlineData("/api/v1/no-such-resource", Browser)]
    public async Task AProgram_GetsProblemDetails(string path, string accept)
    {
        await using var api = await TestApi.StartAsync();

        using var answer = await api.GetAsync(path, ("Accept", accept));

        await TestApi.ProblemOfAsync(answer, HttpStatusCode.NotFound, "no-such-resource");
    }
}
