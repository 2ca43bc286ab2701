using System.Net;
using System.Text.RegularExpressions;
using Shouldly;
using Xunit;

namespace Gateway.Tests.Http;

/// <summary>A person whose browser asks for a page gets one; programs get problem details.</summary>
[Kind(Kind.Http)]
public sealed partial class PagesForPeopleTests
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
        foreach (Match file in OwnFiles().Matches(text))
        {
            using var got = await api.GetAsync(file.Groups[1].Value);
            got.StatusCode.ShouldBe(HttpStatusCode.OK, file.Groups[1].Value);
        }

        OwnFiles().Count(text).ShouldBe(4);
        text.ShouldNotContain("<script>");
    }

    [Theory]
    [InlineData("/queue/outgoing/orders@billing", "Oldest waits for")]
    [InlineData("/queue/out/orders@billing", "Oldest waits for")]
    [InlineData("/queue/inbound/bills", "Paused by anna")]
    [InlineData("/queue/sideways/orders", "'sideways/orders' names no queue: write out/QUEUE@PEER or in/QUEUE.")]
    [InlineData("/queue/out/orders@nowhere", "There is no outgoing orders@nowhere, or no message ever came for it.")]
    [InlineData("/queue/outgoing/orders@billing/5", "Its way so far")]
    [InlineData("/queue/outgoing/orders@billing/1", "The message is not here any more: it was delivered")]
    [InlineData("/queue/out/orders@billing/99", "No message of this queue has had the number 99 yet; the last one given is 6.")]
    [InlineData("/queue/out/orders@nowhere/1", "There is no outgoing orders@nowhere, or no message ever came for it.")]
    [InlineData("/dead-letters/9", "There is no dead letter 9: it was returned or purged, or never was.")]
    public async Task AnAddress_IsReadInTheWordsOfThePagesAndOfTheApi_AndNothingFalseIsSaidOfWhatIsMissing(string path, string says)
    {
        await using var api = await TestApi.StartAsync();
        api.Gateway.Add("a body", number: 5);

        using var answer = await api.GetAsync(path, ("Accept", Browser));

        var text = WebUtility.HtmlDecode(await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        Spaces().Replace(text, " ").ShouldContain(says);
    }

    [GeneratedRegex("(?:href|src)=\"(/assets/[^\"]*)\"")]
    private static partial Regex OwnFiles();

    [GeneratedRegex(@"\s+")]
    private static partial Regex Spaces();

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
