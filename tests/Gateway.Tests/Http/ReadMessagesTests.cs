using System.Net;
using Gateway.Store.Messages;
using Gateway.Tests.Management;
using Shouldly;
using Xunit;

namespace Gateway.Tests.Http;

/// <summary>The messages of a queue, as they can be read over HTTP: pages, scans, single ones, and bodies.</summary>
[Kind(Kind.Http)]
public sealed class ReadMessagesTests
{
    private const string Messages = "/api/v1/queues/outgoing/orders@billing/messages";

    [Fact]
    public async Task Messages_come_page_by_page_up_to_the_end()
    {
        await using var api = await TestApi.StartAsync();
        for (var i = 0; i < 8; i++) api.Gateway.Add($"body {i}");

        var first = await api.GetJsonAsync($"{Messages}?limit=5");
        var second = await api.GetJsonAsync($"{Messages}?limit=5&after={first.GetProperty("next").GetInt64()}");

        first.GetProperty("messages").EnumerateArray().Select(message => message.GetProperty("number").GetInt64())
            .ShouldBe([1, 2, 3, 4, 5]);
        second.GetProperty("messages").EnumerateArray().Select(message => message.GetProperty("number").GetInt64()).ShouldBe([6, 7, 8]);
        second.TryGetProperty("next", out _).ShouldBeFalse();
    }

    [Theory]
    [InlineData("id=00000000-0000-7000-8000-000000000002", 2)]
    [InlineData("ID=00000000-0000-7000-8000-000000000002", 2)]
    [InlineData("header=type:order&header=to:A", 3)]
    [InlineData("sizeMin=40", 4)]
    [InlineData("acceptedFrom=2026-11-22T12:00:00.004Z", 4)]
    [InlineData("acceptedBefore=2026-11-22T12:00:00.002Z", 1)]
    public async Task Messages_are_found_by_filter(string query, long expected)
    {
        await using var api = await TestApi.StartAsync();
        api.Gateway.Add("a");
        api.Gateway.Add("b", """{"type":"order"}""");
        api.Gateway.Add("c", """{"type":"order","to":"A"}""");
        api.Gateway.Add(new string('d', 100));

        var page = await api.GetJsonAsync($"{Messages}?{query}");

        page.GetProperty("messages").EnumerateArray().Single().GetProperty("number").GetInt64().ShouldBe(expected);
    }

    [Fact]
    public async Task A_scan_gives_what_matches_and_ends_with_a_sum()
    {
        await using var api = await TestApi.StartAsync();
        for (var i = 0; i < 20; i++) api.Gateway.Add("x", i % 4 == 0 ? """{"k":"v"}""" : "{}");

        var lines = await TestApi.LinesOfAsync(await api.GetAsync($"{Messages}/scan?header=k:v"));

        lines.Where(line => line.GetProperty("type").GetString() == "message")
            .Select(line => line.GetProperty("message").GetProperty("number").GetInt64()).ShouldBe([1, 5, 9, 13, 17]);
        lines[^1].GetProperty("type").GetString().ShouldBe("end");
        lines[^1].GetProperty("found").GetInt64().ShouldBe(5);
        lines[^1].GetProperty("scannedUpTo").GetInt64().ShouldBe(20);
    }

    [Fact]
    public async Task A_scan_that_takes_long_tells_of_its_progress()
    {
        await using var api = await TestApi.StartAsync(step: TimeSpan.FromSeconds(1));
        for (var i = 0; i < 20; i++) api.Gateway.Add("x", i % 4 == 0 ? """{"k":"v"}""" : "{}");

        var lines = await TestApi.LinesOfAsync(await api.GetAsync($"{Messages}/scan?header=k:v"));

        lines.Count(line => line.GetProperty("type").GetString() == "message").ShouldBe(5);
        var progress = lines.Where(line => line.GetProperty("type").GetString() == "progress").ToList();
        progress.Select(line => line.GetProperty("scannedUpTo").GetInt64()).ShouldBe([3, 6, 9, 12, 15, 18]);
        progress.Select(line => line.GetProperty("found").GetInt64()).ShouldBe([1, 2, 3, 3, 4, 5]);
    }

    [Fact]
    public async Task A_page_that_takes_long_ends_with_what_it_has_and_the_next_one_goes_on()
    {
        await using var api = await TestApi.StartAsync(step: TimeSpan.FromSeconds(1));
        for (var i = 0; i < 5; i++) api.Gateway.Add("x");

        var first = await api.GetJsonAsync(Messages);
        var second = await api.GetJsonAsync($"{Messages}?after={first.GetProperty("next").GetInt64()}");

        first.GetProperty("messages").GetArrayLength().ShouldBe(3);
        second.GetProperty("messages").GetArrayLength().ShouldBe(2);
        second.TryGetProperty("next", out _).ShouldBeFalse();
    }

    [Fact]
    public async Task A_scan_ends_at_its_limit()
    {
        await using var api = await TestApi.StartAsync();
        for (var i = 0; i < 20; i++) api.Gateway.Add("x");

        var lines = await TestApi.LinesOfAsync(await api.GetAsync($"{Messages}/scan?limit=4&after=10"));

        lines.Count(line => line.GetProperty("type").GetString() == "message").ShouldBe(4);
        lines[^1].GetProperty("scannedUpTo").GetInt64().ShouldBe(14);
    }

    [Theory]
    [InlineData("""{"a":[1,2]}""", "json")]
    [InlineData("[broken", "text")]
    [InlineData("hello <b>", "text")]
    [InlineData("", "empty")]
    public async Task A_message_is_shown_with_headers_and_a_preview_of_its_body(string body, string kind)
    {
        await using var api = await TestApi.StartAsync();
        api.Gateway.Add(body, """{"type":"order"}""");

        var message = await api.GetJsonAsync($"{Messages}/1");

        message.GetProperty("id").GetString().ShouldBe("00000000-0000-7000-8000-000000000001");
        message.GetProperty("headers").GetProperty("type").GetString().ShouldBe("order");
        message.GetProperty("deliveries").GetInt32().ShouldBe(2);
        message.GetProperty("body").GetProperty("kind").GetString().ShouldBe(kind);
        if (body.Length > 0) message.GetProperty("body").GetProperty("text").GetString().ShouldBe(body);
    }

    [Fact]
    public async Task A_body_that_is_no_text_is_shown_in_hexadecimal()
    {
        await using var api = await TestApi.StartAsync();
        api.Gateway.Messages[1] = new StoredMessage(1, FakeManagement.NewMessage(1, [0, 255, 16], "{}"));

        var body = (await api.GetJsonAsync($"{Messages}/1?preview=2")).GetProperty("body");

        body.GetProperty("kind").GetString().ShouldBe("binary");
        body.GetProperty("hex").GetString().ShouldBe("00ff");
        body.GetProperty("bytes").GetInt64().ShouldBe(3);
    }

    [Fact]
    public async Task A_preview_ends_with_a_whole_character()
    {
        await using var api = await TestApi.StartAsync();
        api.Gateway.Add("aä€");

        var body = (await api.GetJsonAsync($"{Messages}/1?preview=4")).GetProperty("body");

        body.GetProperty("text").GetString().ShouldBe("aä");
        body.GetProperty("shownBytes").GetInt32().ShouldBe(3);
    }

    [Fact]
    public async Task A_body_is_downloaded_as_bytes_and_never_as_a_page()
    {
        await using var api = await TestApi.StartAsync();
        api.Gateway.Add("<html><script>alert(1)</script></html>", """{"content-type":"text/html"}""");

        using var response = await api.GetAsync($"{Messages}/1/body");

        (await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)).ShouldStartWith("<html>");
        response.Content.Headers.ContentType!.MediaType.ShouldBe("application/octet-stream");
        response.Content.Headers.ContentDisposition!.DispositionType.ShouldBe("attachment");
        response.Headers.GetValues("X-Content-Type-Options").ShouldBe(["nosniff"]);
        response.Headers.GetValues("Content-Security-Policy").Single().ShouldContain("default-src 'none'");
    }

    [Fact]
    public async Task A_trace_tells_the_way_of_a_message()
    {
        await using var api = await TestApi.StartAsync();
        api.Gateway.Add("x");

        var trace = await api.GetJsonAsync($"{Messages}/1/trace");

        trace.GetProperty("steps").EnumerateArray().Select(step => step.GetProperty("step").GetString()).ShouldBe(["accepted", "in-doubt"]);
        trace.GetProperty("steps")[1].TryGetProperty("at", out _).ShouldBeFalse();
        trace.GetProperty("sent").GetInt32().ShouldBe(1);
    }

    [Fact]
    public async Task A_damaged_message_says_so()
    {
        var gateway = new FakeManagement();
        gateway.Messages[1] = null!;
        await using var api = await TestApi.StartAsync(gateway: gateway);

        (await api.GetJsonAsync($"{Messages}/1")).GetProperty("isDamaged").GetBoolean().ShouldBeTrue();
        await TestApi.ProblemOfAsync(await api.GetAsync($"{Messages}/1/body"), HttpStatusCode.Gone, "damaged");
    }
}
